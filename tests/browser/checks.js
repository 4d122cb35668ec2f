/* Checks that run inside a page, on top of axe-core. Each gives a list of complaints; none of them changes the page. */
(() => {
  const say = (element) => {
    const words = (element.innerText || element.value || element.getAttribute("aria-label") || "").trim().slice(0, 40);
    return `<${element.localName}${element.id ? ` id=${element.id}` : ""}${element.name ? ` name=${element.name}` : ""}> ${words}`;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const hidden = (element) => { // clipped away until it has the focus, such as the skip link
    const box = element.getBoundingClientRect();
    return box.width < 3 || box.height < 3 || box.right <= 0 || box.bottom + scrollY <= 0;
  };
  const targets = () => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => shown(one) && !hidden(one) && !one.disabled);
  const box = (element) => {
    const label = ["radio", "checkbox"].includes(element.type) && element.closest("label");
    return (label || element).getBoundingClientRect();
  };
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    const around = element.closest("p, li, dd, dt, td, th, figcaption, .hint, .error");
    return Boolean(around) && [...around.childNodes].some((node) => !node.contains(element) && node.textContent.trim().length > 1);
  };

  /* WCAG 2.5.8: 24 by 24, or inside a sentence, or a circle of 24 around it touches no other target's */
  const tooSmall = () => {
    const all = targets().map((element) => ({ element, box: box(element) }));
    const small = ({ box: one }) => one.width < 23.99 || one.height < 23.99;
    const middle = ({ box: one }) => [one.left + one.width / 2, one.top + one.height / 2];
    const reach = (from, other) => {
      const [x, y] = middle(from);
      const dx = Math.max(other.box.left - x, 0, x - other.box.right), dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
      if (Math.hypot(dx, dy) < 12) return true;
      const [otherX, otherY] = middle(other);
      return small(other) && Math.hypot(otherX - x, otherY - y) < 24;
    };
    return all.filter((one) => small(one) && !inSentence(one.element)
      && all.some((other) => other !== one && !other.element.contains(one.element) && reach(one, other)))
      .map((one) => `${say(one.element)} is ${Math.round(one.box.width)} × ${Math.round(one.box.height)} px`);
  };

  /* WCAG 1.4.10 and 1.4.4: nothing makes the page scroll sideways; a table may do so in a box of its own */
  const sideways = () => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((one) => shown(one) && one.getBoundingClientRect().right > width + 1);
    const deepest = wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)));
    return [`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width}: ${deepest.slice(0, 5).map(say).join("; ")}`];
  };

  /* WCAG 2.4.7 and 2.4.11: what has the focus is marked, on the screen, and under nothing else */
  const focus = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return { nothing: true, complaints: [] };
    const complaints = [];
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!outlined && style.boxShadow === "none") complaints.push("shows no mark of the focus");
    const part = element.getClientRects()[0] || element.getBoundingClientRect();
    const points = [[.5, .5], [.1, .2], [.9, .8]].map(([x, y]) => [part.left + part.width * x, part.top + part.height * y]);
    const visible = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    if (!visible.length) complaints.push("is outside the window");
    for (const [x, y] of visible) {
      const top = document.elementFromPoint(x, y);
      if (top && !element.contains(top) && !top.contains(element) && !(element.labels && [...element.labels].some((label) => label.contains(top)))) {
        complaints.push(`is covered by ${say(top)}`);
        break;
      }
    }
    return { nothing: false, name: say(element), complaints: complaints.map((one) => `${say(element)} ${one}`) };
  };

  /* ids in use twice, and fragments that lead nowhere */
  const broken = () => {
    const found = [];
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    for (const id of new Set(ids.filter((one, place) => ids.indexOf(one) !== place))) found.push(`two elements have the id ${id}`);
    for (const link of document.querySelectorAll("a[href^='#']")) {
      if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) found.push(`the link ${link.hash} leads nowhere`);
    }
    return found;
  };

  return { tooSmall, sideways, focus, broken };
})()
