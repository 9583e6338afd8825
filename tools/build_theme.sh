#!/bin/sh
# Rebuilds what is vendored from npm: Designsystemet with our theme, Inter, htmx and the icon sprite.
#
# Needed only when a version below, tools/designsystemet.config.json or tools/icons.txt changes. The product
# itself needs no Node: what this script writes to static/ is committed. Needs Node 20 or newer and npm.
#
#   tools/build_theme.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
static="$here/../static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent \
  @digdir/designsystemet@1.15.0 @digdir/designsystemet-css@1.22.0 @digdir/designsystemet-web@1.22.0 \
  @fontsource-variable/inter@5.3.0 @navikt/aksel-icons@8.16.2 htmx.org@2
cp "$here/designsystemet.config.json" .
npx designsystemet tokens create --clean
npx designsystemet tokens build --clean -o ./theme-build

mkdir -p "$static/ds" "$static/fonts" "$static/vendor"
cp theme-build/fagbrev.css "$static/ds/theme.css"
cp node_modules/@digdir/designsystemet-css/dist/src/index.css "$static/ds/designsystemet.css"
# The umd build is the only one without bare imports, which a browser cannot resolve.
cp node_modules/@digdir/designsystemet-web/dist/umd/index.js "$static/ds/designsystemet-web.js"
cp node_modules/htmx.org/dist/htmx.min.js "$static/vendor/htmx.min.js"
for subset in latin latin-ext; do
  cp "node_modules/@fontsource-variable/inter/files/inter-$subset-wght-normal.woff2" "$static/fonts/"
done
# A source map that is named but absent makes collectstatic fail.
sed -i 's#//\# sourceMappingURL=.*##' "$static/ds/designsystemet-web.js" "$static/vendor/htmx.min.js"
sed -i 's#/\*\# sourceMappingURL=.*\*/##' "$static/ds/designsystemet.css" "$static/ds/theme.css"

node - "$here/icons.txt" "$static/icons.svg" <<'JS'
const fs = require("fs");
const [names, out] = [fs.readFileSync(process.argv[2], "utf8").trim().split(/\s+/), process.argv[3]];
const kebab = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
const symbols = [...new Set(names)].map((name) => {
  const svg = fs.readFileSync(`node_modules/@navikt/aksel-icons/dist/svg/${name}.svg`, "utf8");
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/<title[\s\S]*?<\/title>/, "");
  return `<symbol id="${kebab(name)}" viewBox="0 0 24 24" fill="none">${inner.replace(/\n\s*/g, "")}</symbol>`.replace(/\d+\.\d{3,}/g, (n) => String(Math.round(n * 100) / 100));
});
fs.writeFileSync(out, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
JS

{
  echo "Third-party files in static/, with their licences."
  echo
  echo "ds/designsystemet.css, ds/designsystemet-web.js, ds/theme.css (built): Designsystemet, MIT"
  echo "  The web file also holds @u-elements and @floating-ui/dom, both MIT."
  echo "fonts/inter-*.woff2: Inter, SIL Open Font License 1.1"
  echo "vendor/htmx.min.js: htmx, Zero-Clause BSD"
  echo "icons.svg: Aksel icons, Copyright NAV (Arbeids- og velferdsdirektoratet), MIT"
  for licence in @digdir/designsystemet-css @floating-ui/dom @fontsource-variable/inter htmx.org; do
    printf '\n---- %s ----\n\n' "$licence"
    cat "node_modules/$licence/LICENSE"
  done
} >"$static/ds/LICENSES.txt"
