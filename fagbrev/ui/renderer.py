"""The form renderer: every Django form is drawn with the templates in templates/designsystemet/."""

from django.forms.renderers import TemplatesSetting


class DesignsystemetRenderer(TemplatesSetting):
    """Set as FORM_RENDERER; "django.forms" must be in INSTALLED_APPS."""

    form_template_name = "designsystemet/form.html"
    formset_template_name = "designsystemet/formset.html"
    field_template_name = "designsystemet/field.html"
