// Checks the scripts of the interactive map (lks_geo/render/webmap/templates/js). No plugins, no build step:
// they are ES modules here and are joined into one script when a map is written.
const browser = [
  'Blob', 'CSS', 'DOMMatrix', 'HTMLCanvasElement', 'Image', 'Intl', 'Path2D', 'SVGElement', 'URL', 'URLSearchParams', 'XMLSerializer', 'atob',
  'clearTimeout', 'document', 'getComputedStyle', 'navigator', 'requestAnimationFrame', 'setTimeout', 'window',
];

export default [
  {
    files: ['lks_geo/render/webmap/templates/js/*.js'],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: 'module',
      globals: Object.fromEntries([...browser, 'L'].map((name) => [name, 'readonly'])),
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'constructor-super': 'error',
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'max-depth': ['error', 4],
      'max-lines': ['error', 450],
      'max-lines-per-function': ['error', 60],
      'no-console': 'error',
      'no-control-regex': 'error',
      'no-dupe-keys': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-irregular-whitespace': 'error',
      'no-new-func': 'error',
      'no-param-reassign': 'error',
      'no-redeclare': 'error',
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'writeln'].map((property) => ({
          property,
          message: 'Text from outside must never become markup: use el(), svg() or textContent.',
        })),
      ],
      'no-shadow': ['error', { builtinGlobals: false }],
      'no-undef': 'error',
      'no-unreachable': 'error',
      'no-unused-vars': 'error',
      'no-use-before-define': ['error', { functions: false, variables: false, classes: true }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-constant-condition': 'error',
      'no-self-assign': 'error',
      'valid-typeof': 'error',
    },
  },
];
