// The chosen colours, set before anything is drawn. A plain script: a module would run after the first picture.

{
  const KEY = 'theme';
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem(KEY) ?? '';
    } catch {
      return '';
    }
  };
  const use = (theme) => {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  use(kept());
  addEventListener('DOMContentLoaded', () => {
    const choice = document.querySelector('#theme select');
    choice.value = root.dataset.theme ?? '';
    choice.addEventListener('change', () => {
      use(choice.value);
      try {
        if (choice.value) localStorage.setItem(KEY, choice.value);
        else localStorage.removeItem(KEY);
      } catch {
        // A browser that keeps nothing still changes the colours of this page.
      }
    });
  });
}
