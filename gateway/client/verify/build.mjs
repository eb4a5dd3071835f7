// Builds the page's modules and the one file that works without a server into wwwroot/vendor; run by the gateway's build after npm ci.
import { build } from 'esbuild';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { FAULTS } from './faults.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const gateway = here('../../'), vendor = `${gateway}wwwroot/vendor/`, modules = here('../node_modules/');
const decoded = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': '\'', '&amp;': '&' };

/** The texts of the page, from where all texts of the pages are. */
async function textsOf(file) {
  const texts = {};
  for (const [, name, value] of (await readFile(gateway + file, 'utf8')).matchAll(/<data name="(Verify\w*)"[^>]*>\s*<value>([\s\S]*?)<\/value>/g)) {
    texts[name] = value.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => decoded[entity]);
  }
  return texts;
}

const TEXTS = { el: await textsOf('Texts.resx'), en: await textsOf('Texts.en.resx') };
const missing = [...new Set([...Object.keys(FAULTS).map((key) => `VerifyFault_${key}`), ...Object.keys(TEXTS.el), ...Object.keys(TEXTS.en)])]
  .flatMap((name) => Object.keys(TEXTS).filter((language) => !TEXTS[language][name]).map((language) => `${name} (${language})`));
if (missing.length > 0) throw new Error(`Texts that are missing: ${missing.join(', ')}`);

/** Modules that are made here: name to source. */
const made = (sources) => ({
  name: 'made',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:texts|worker)$/ }, ({ path }) => ({ path, namespace: 'made' }));
    onLoad({ filter: /.*/, namespace: 'made' }, ({ path }) => ({ contents: sources[path], loader: 'js' }));
  },
});

const texts = `export const TEXTS = ${JSON.stringify(TEXTS)};`;
const bundled = async (entry, format, sources = { texts }) => {
  const { outputFiles } = await build({
    entryPoints: [here(entry)], bundle: true, minify: true, format, target: 'es2022', charset: 'utf8', legalComments: 'inline', write: false, plugins: [made(sources)],
  });
  return outputFiles[0].text;
};

await mkdir(vendor, { recursive: true });
await writeFile(`${vendor}verify.js`, await bundled('online.mjs', 'esm'));
await writeFile(`${vendor}verify-worker.js`, await bundled('worker.mjs', 'esm'));
await cp(here('verify.css'), `${vendor}verify.css`);
await cp(here('../../../tools/verify.py'), `${vendor}verify.py`);

// One file: style, letters and script within it, and a policy of its own that lets it reach nothing.
const worker = await bundled('worker.mjs', 'iife');
const script = (await bundled('offline.mjs', 'iife', { texts, worker: `export default ${JSON.stringify(worker)};` })).replaceAll('</script', '<\\/script');
const site = await readFile(`${gateway}wwwroot/site.css`, 'utf8');
const style = [await readFile(`${modules}@digigov/css/dist/digigov.css`, 'utf8'), site, await readFile(here('verify.css'), 'utf8')].join('\n');
const { outputFiles: [css] } = await build({ stdin: { contents: style, loader: 'css', resolveDir: modules }, bundle: true, minify: true, charset: 'utf8', write: false, plugins: [letters()], loader: { '.woff2': 'dataurl' } });

/** site.css names the letters as they are served. */
function letters() {
  return {
    name: 'letters',
    setup({ onResolve }) {
      onResolve({ filter: /^vendor\/.*\.woff2$/ }, ({ path }) => ({ path: `${modules}@fontsource/roboto/files/${path.slice('vendor/'.length)}` }));
      onResolve({ filter: /^(?:https?:|data:|#)/ }, ({ path }) => ({ path, external: true }));
    },
  };
}

const policy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' blob:; worker-src blob:; style-src 'unsafe-inline'; font-src data:; img-src data:; form-action 'none'; base-uri 'none'`;
await writeFile(`${vendor}epimorfosi-verify.html`, `<!DOCTYPE html>
<html lang="el">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TEXTS.el.VerifyTitle}</title>
<style>${css.text.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<main class="page"><div class="page-width"><h1>${TEXTS.el.VerifyTitle} / ${TEXTS.en.VerifyTitle}</h1><p>${TEXTS.el.VerifySaveFirst}</p><p lang="en">${TEXTS.en.VerifySaveFirst}</p></div></main>
<script>${script}</script>
</body>
</html>
`);
