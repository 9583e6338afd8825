"""Follow-up between start and trade test: visits, topics, plans, competence, language, absence, reviews."""
