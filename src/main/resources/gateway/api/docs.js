// The search of the page: an operation stays when each word stands in its method, path, summary or fields.

const search = document.getElementById('search');
const input = search.querySelector('input');
const status = search.querySelector('[role=status]');
const operations = [...document.querySelectorAll('main details')].map((element) => ({ element, text: element.textContent.toLowerCase() }));

function filter() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { element, text } of operations) {
    element.hidden = !words.every((word) => text.includes(word));
    if (!element.hidden) found += 1;
  }
  for (const section of document.querySelectorAll('main section')) section.hidden = !section.querySelector('details:not([hidden])');
  status.textContent = words.length ? `${found} of ${operations.length} operations` : '';
}

/** A link to an operation opens it. */
function opened() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName === 'DETAILS') target.open = true;
}

search.hidden = false;
input.addEventListener('input', filter);
addEventListener('hashchange', opened);
filter();
opened();
