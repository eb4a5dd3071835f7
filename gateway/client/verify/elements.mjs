import { TEXTS } from 'texts';

/** The texts of a language; {0}, {1} … are filled in. */
export const texts = (language) => {
  const numbers = new Intl.NumberFormat(language === 'el' ? 'el-GR' : 'en-GB');
  const shown = (value) => typeof value === 'number' ? numbers.format(value) : value;
  return (name, ...values) => (TEXTS[language][`Verify${name}`] ?? name).replace(/\{(\d)\}/g, (_, index) => shown(values[index] ?? ''));
};

/** An element with its attributes, listeners and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
