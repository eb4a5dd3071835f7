// While a subject is typed: answers that are already there. The form works the same without.
const subject = document.getElementById("subject");
const place = document.getElementById("suggestions");
const title = subject.form.dataset.suggest;
const greek = document.documentElement.lang !== "en";
let waiting, asked = "";

subject.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 300);
});

async function suggest() {
  const text = subject.value.trim();
  asked = text;
  const answer = text.length < 3 ? null : await fetch(`/api/faq?pageSize=3&q=${encodeURIComponent(text)}`).catch(() => null);
  if (asked !== text) {
    return;
  }
  const items = answer?.ok ? (await answer.json()).items : [];
  place.replaceChildren(...(items.length ? [line(title), ...items.map(link)] : []));
}

function line(text) {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
}

function link(item) {
  const a = document.createElement("a");
  a.className = "govgr-link";
  a.textContent = greek || !item.question.en ? item.question.el : item.question.en;
  a.href = `/faq?q=${encodeURIComponent(a.textContent)}`;
  a.target = "_blank";
  a.rel = "noopener";
  const p = document.createElement("p");
  p.append(a);
  return p;
}
