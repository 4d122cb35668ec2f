/* One script for every page. Without it each page still works: plain forms and buttons.
   What people type is only ever put on the page as text (textContent, value), never as markup. */
"use strict";

(() => {
  const make = (tag, words, name) => {
    const element = document.createElement(tag);
    if (words) element.textContent = words;
    if (name) element.className = name;
    return element;
  };
  const me = document.body.dataset.me || "";
  const clock = (date) => date.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const when = (date) => `${date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).replace(" at ", ", ")} UTC`;

  /* whose answers this page is about; nothing for the consolidated ones */
  const voice = new URLSearchParams(location.search).get("voice");
  const inVoice = voice ? `?voice=${encodeURIComponent(voice)}` : "";

  /* --- unsaved text waits in this browser, told apart by person --- */
  const drafts = {
    name: (question) => `dw/${me}/${location.pathname.split("/")[2]}${inVoice}/${question}`,
    put(question, draft) {
      try { localStorage.setItem(this.name(question), JSON.stringify(draft)); return true; } catch { return false; }
    },
    get(question) {
      try { return JSON.parse(localStorage.getItem(this.name(question))); } catch { return null; }
    },
    drop(question) {
      try { localStorage.removeItem(this.name(question)); } catch { /* nothing was kept */ }
    },
    waiting() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(`dw/${me}/`)).map((key) => JSON.parse(localStorage.getItem(key)));
      } catch { return []; }
    },
  };

  /* --- every page --- */
  document.querySelector("[data-focus]")?.focus();

  const elsewhere = me ? drafts.waiting().find((draft) => draft && draft.page !== location.pathname + inVoice) : null;
  if (elsewhere && /^\/assessments\/[\w-]+\/themes\/\w+(\?voice=[\w-]+)?$/.test(elsewhere.page)) {
    const note = make("div", "", "notice");
    const words = make("p", "Something you typed is not saved yet. ", "wrap");
    const link = make("a", "Open it and save it");
    link.href = elsewhere.page;
    words.append(link);
    note.append(words);
    document.getElementById("main").prepend(note);
  }

  const waiting = document.querySelector("[data-wait]");
  if (waiting) {
    const look = async () => {
      try {
        const answer = await fetch(waiting.dataset.wait, { headers: { Accept: "application/json" } });
        const job = await answer.json();
        if (job.state === "done" || job.state === "failed") { location.reload(); return; }
      } catch { /* the line is down: look again */ }
      setTimeout(look, 1500);
    };
    setTimeout(look, 1000);
  }

  /* --- the page of a theme: each answer saves itself --- */
  const form = document.getElementById("answers");
  if (!form) return;
  const WAIT = 900, RETRY = [2000, 4000, 8000, 15000, 30000];
  const allStatus = document.getElementById("all-status");
  const cards = new Map();

  const prefix = (card) => `q_${card.id}-`;
  const own = (card) => [...card.section.querySelectorAll("[name]")];
  const fields = (card) => {
    const found = [];
    for (const input of own(card)) {
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
      found.push([input.name.slice(prefix(card).length), input.value]);
    }
    return found;
  };
  const content = (found) => JSON.stringify(found.filter(([name, value]) => !["revision", "was"].includes(name) && (value || name === "pick")));
  const field = (card, name) => card.section.querySelector(`[name="${prefix(card)}${name}"]`);

  const say = (card, words, kind, button) => {
    card.status.textContent = words;
    card.status.className = `status ${kind || ""}`;
    if (button) { card.status.append(" ", button); }
    const open = [...cards.values()].filter((one) => one.dirty || one.saving || one.sending).length;
    allStatus.textContent = open ? `${open} not saved yet` : "All saved";
    allStatus.className = `status ${open ? "" : "good"}`;
  };

  /* evidence: rows with a link, and rows with a file, which the server draws alike (components/file_row.html) */
  const rowsOf = (card) => [...card.section.querySelectorAll(".pairs")];
  const numbered = (row, number) => {
    for (const input of row.querySelectorAll("input")) input.name = input.name.replace(/evidence-\d+/, `evidence-${number}`);
    for (const label of row.querySelectorAll(".out")) label.textContent = label.textContent.replace(/\d+/, number + 1);
    return row;
  };
  const linkRow = (card, number) => {
    const row = numbered(card.emptyRow.cloneNode(true), number);
    for (const input of row.querySelectorAll("input")) input.value = "";
    return row;
  };
  const fileRow = (card, number, sha256) => {
    const row = linkRow(card, number), file = card.files.get(sha256), at = `${prefix(card)}evidence-${number}`;
    const digest = make("input"), box = make("div", "", "filed"), line = make("p"), off = make("label", "", "tick"), tick = make("input");
    digest.type = "hidden";
    digest.name = `${at}-sha256`;
    digest.value = sha256;
    row.querySelector("[name$='-url']").closest("label").replaceWith(box);
    row.prepend(digest);
    const link = make("a", file ? file.name : "The file");
    const place = new URL(card.section.dataset.files, location.href);
    link.href = `${place.pathname}/${sha256}${place.search}`;
    line.append(link, file ? make("span", ` ${file.about}`, "soft") : "");
    tick.type = "checkbox";
    tick.name = `${at}-off`;
    tick.value = "1";
    off.append(tick, " Take it off", make("span", ` the answer: evidence ${number + 1}`, "out"));
    box.append(line, off);
    return row;
  };
  const addRow = (card) => {
    const rows = rowsOf(card);
    if (!rows.length || rows.length >= 20) return null;
    const row = linkRow(card, rows.length);
    rows[rows.length - 1].after(row);
    return row;
  };
  /* put other rows in place of those that stand: of a draft, or of the answer that somebody else saved */
  const drawRows = (card, values) => {
    const found = new Set([...values.keys()].map((name) => /^evidence-(\d+)/.exec(name)).filter(Boolean).map((match) => +match[1]));
    const rows = rowsOf(card);
    if (!rows.length) return 0;
    const before = rows[0].previousElementSibling;
    for (const row of rows) row.remove();
    const last = Math.max(-1, ...found);
    let place = before;
    for (let number = 0; number <= last + 1 && number < 20; number += 1) {
      const sha256 = values.get(`evidence-${number}-sha256`)?.[0];
      const row = sha256 ? fileRow(card, number, sha256) : linkRow(card, number);
      place.after(row);
      place = row;
    }
    return found.size;
  };

  const fill = (card, found) => {
    const values = new Map();
    for (const [name, value] of found) values.set(name, [...(values.get(name) || []), value]);
    const evidence = drawRows(card, values);
    for (const input of own(card)) {
      const name = input.name.slice(prefix(card).length);
      if (name === "revision" || name === "was" || name.endsWith("-sha256")) continue;
      const given = values.get(name) || [];
      if (input.type === "radio" || input.type === "checkbox") input.checked = given.includes(input.value);
      else input.value = given[0] || "";
    }
    if (values.get("comment")?.[0] || evidence) field(card, "comment")?.closest("details")?.setAttribute("open", "");
  };

  const keep = (card) => {
    const found = fields(card);
    card.kept = drafts.put(card.id, { fields: found, page: location.pathname + inVoice, at: Date.now() });
  };

  const changed = (card, soon) => {
    card.dirty = true;
    card.turn += 1;
    keep(card);
    clearTimeout(card.timer);
    if (card.meeting) { card.meeting(); return; }
    say(card, "Not saved yet");
    card.timer = setTimeout(() => save(card), soon ? 50 : WAIT);
  };

  const save = async (card, renewed) => {
    clearTimeout(card.timer);
    if (card.saving || !card.dirty) return;
    card.saving = true;
    card.dirty = false;
    const turn = card.turn, sent = fields(card);
    say(card, "Saving …");
    const body = new URLSearchParams(sent.map(([name, value]) => [prefix(card) + name, value]));
    let answer = null, data = {};
    try {
      answer = await fetch(form.dataset.save + encodeURIComponent(card.id) + inVoice, {
        method: "POST", body, keepalive: true, credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      });
      data = await answer.json();
    } catch { answer = answer && answer.ok ? null : answer; }
    card.saving = false;
    if (answer && answer.ok && "revision" in data) {
      field(card, "revision").value = data.revision;
      field(card, "was").value = data.was;
      card.tries = 0;
      if (card.turn === turn) { drafts.drop(card.id); say(card, `Saved ${clock(new Date(data.saved_at))}`, "good"); }
      else { keep(card); changed(card); }
      if (card.section.hasAttribute("data-gate")) renew();
      return;
    }
    card.dirty = true;
    if (answer && (answer.status === 409 || answer.status === 412) && data.conflict) { meet(card, data.conflict, sent); return; }
    let signedOut = answer?.status === 401;
    if (answer?.status === 400 && !renewed) {
      const renewal = await newToken();
      if (renewal === 200) { save(card, true); return; }
      signedOut = renewal === 401;
    }
    if (signedOut) {
      const link = make("a", "Sign in again");
      link.href = form.dataset.signIn;
      link.target = "_blank";
      link.rel = "noopener";
      say(card, "Not saved: you are signed out. What you typed is kept in this browser.", "bad", link);
      return;
    }
    if (answer && answer.status === 422) { say(card, `Not saved. ${data.problem || data.error?.message || ""}`, "bad"); return; }
    if (answer && [403, 404, 410, 413, 423].includes(answer.status)) { say(card, `Not saved. ${data.error?.message || ""}`, "bad"); return; }
    say(card, card.kept ? "Not saved. What you typed is kept in this browser and sent when the line is back." : "Not saved. Keep this page open; it is tried again.", "bad");
    card.timer = setTimeout(() => save(card), RETRY[Math.min(card.tries, RETRY.length - 1)]);
    card.tries += 1;
  };

  /* 200 when the form has a new token; 401 when nobody is signed in any more, or somebody else */
  const newToken = async () => {
    try {
      const answer = await fetch(form.dataset.token, { headers: { Accept: "application/json" } });
      if (!answer.ok) return answer.status;
      const given = await answer.json();
      if (given.me !== me) return 401;
      form.elements.csrf_token.value = given.csrf_token;
      return 200;
    } catch { return 0; }
  };

  /* after an answer that opens or closes other questions: take the page anew and put in what changed */
  const renew = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = [...page.querySelectorAll("#answers > [data-q]")];
      const names = new Set(fresh.map((section) => section.dataset.q));
      for (const [id, card] of cards) {
        if (!names.has(id) && !card.dirty && !card.saving) { card.section.remove(); cards.delete(id); }
      }
      let before = null;
      for (const section of fresh) {
        if (!cards.has(section.dataset.q)) {
          const node = document.importNode(section, true);
          if (before) before.after(node); else form.querySelector("[data-q]").before(node);
          enlist(node);
        }
        before = cards.get(section.dataset.q).section;
        const [number, shown] = [section.querySelector(".n"), before.querySelector(".n")];
        if (number && shown) shown.textContent = number.textContent;
      }
      const [nav, old] = [page.querySelector(".sidenav"), document.querySelector(".sidenav")];
      if (nav && old) old.replaceWith(document.importNode(nav, true));
    } catch { /* the next page shows it */ }
  };

  /* two people on one answer: both texts, side by side, and a choice */
  const meet = (card, conflict, sent) => {
    const who = conflict.saved_by || "A colleague";
    const again = make("button", "Choose", "linklike");
    again.type = "button";
    again.addEventListener("click", () => show());
    card.meeting = () => say(card, `Not saved. ${who} saved this answer before you.`, "bad", again);
    card.meeting();
    const settle = (found, mine) => {
      const typed = fields(card);
      fill(card, found);
      field(card, "revision").value = conflict.revision;
      field(card, "was").value = conflict.was;
      card.meeting = false;
      if (mine) { changed(card, true); }
      else {
        card.dirty = false;
        drafts.drop(card.id);
        const back = make("button", "Take mine after all", "linklike");
        back.type = "button";
        back.addEventListener("click", () => { fill(card, typed); changed(card, true); });
        say(card, "The saved answer stays.", "good", back);
      }
    };
    const show = () => {
      const dialog = make("dialog");
      const title = make("h2", `${who} saved this answer before you`);
      title.id = `meet-${card.id}`;
      title.tabIndex = -1;
      title.autofocus = true; // not the first button: whoever is typing would press it with the next blank
      dialog.setAttribute("aria-labelledby", title.id);
      const sides = make("div", "", "sides");
      const side = (heading, pairs, style) => {
        const box = make("div", "", style);
        box.append(make("h3", heading));
        const list = make("dl");
        for (const [label, text] of pairs) {
          const said = make("dd", text, "pre");
          said.dir = "auto";
          list.append(make("dt", label, "soft"), said);
        }
        box.append(list);
        return box;
      };
      const at = conflict.saved_at ? `, ${when(new Date(conflict.saved_at))}` : "";
      const texts = ["comment", "reason"].concat(card.section.querySelector("textarea[name$='-value']") ? ["value"] : []);
      const before = new Map(sent);
      const since = texts.filter((name) => field(card, name) && field(card, name).value !== (before.get(name) || ""))
        .map((name) => [`${name === "value" ? "Text" : name[0].toUpperCase() + name.slice(1)}, as it is now`, field(card, name).value]);
      sides.append(side(`Saved by ${who}${at}`, conflict.theirs, "card sand"), side("Yours, not saved yet", conflict.yours.concat(since), "card"));
      const row = make("div", "", "row");
      const choice = (words, style, act) => {
        const button = make("button", words, `button fit ${style}`);
        button.type = "button";
        button.addEventListener("click", () => { dialog.close(); act(); });
        row.append(button);
      };
      const theirs = Object.entries(conflict.fields).flatMap(([name, values]) => values.map((value) => [name, value]));
      const now = () => fields(card);
      choice("Keep the saved one", "plain", () => settle(theirs, false));
      choice("Save mine instead", "", () => settle(now(), true));
      const both = (name) => [conflict.fields[name]?.[0] || "", field(card, name)?.value || ""];
      if (texts.some((name) => { const [a, b] = both(name); return a && b && a !== b; })) {
        choice("Mine, with both texts put together", "plain", () => {
          const merged = now().map(([name, value]) => {
            const [a, b] = texts.includes(name) ? both(name) : ["", ""];
            return [name, a && b && a !== b ? `${a}\n\n${b}` : value];
          });
          settle(merged, true);
        });
      }
      dialog.append(title, make("p", "Nothing is lost. Choose which one stays."), sides, row);
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    };
    show();
  };

  /* a file goes by itself, beside the saving of what is typed; then the answer names it and saves */
  const send = async (card, file) => {
    const max = +form.dataset.maxFile;
    if (!rowsOf(card).some((row) => !row.querySelector("[name$='-sha256']")) && rowsOf(card).length >= 20) { say(card, "Not sent: 20 pieces of evidence fit.", "bad"); return; }
    if (file.size > max) { say(card, `Not sent: ${file.name} has ${Math.ceil(file.size / 1048576)} MB, at most ${max / 1048576} MB fit. Give a link to it instead.`, "bad"); return; }
    card.sending += 1;
    say(card, `Sending ${file.name} …`);
    const place = new URL(card.section.dataset.files, location.href);
    let answer = null, data = {};
    for (let turn = 0; turn < 2; turn += 1) {
      const body = new FormData();
      body.append("file", file);
      try {
        answer = await fetch(`${place.pathname}.json${place.search}`, {
          method: "POST", body, credentials: "same-origin",
          headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        });
        data = await answer.json();
      } catch { answer = answer && !answer.ok ? answer : null; }
      if (answer?.status !== 400 || await newToken() !== 200) break;
    }
    card.sending -= 1;
    if (!answer || !answer.ok || !data.sha256) {
      const why = answer?.status === 401 ? "you are signed out. Sign in again in another window, then choose the file again." : data.error?.message || (answer?.status === 413 ? "it is too large." : "the line is down. Choose the file again when it is back.");
      say(card, `${file.name} was not sent: ${why}`, "bad");
      return;
    }
    if (rowsOf(card).some((row) => row.querySelector("[name$='-sha256']")?.value === data.sha256)) { say(card, `${data.name} is among the evidence already.`, "good"); return; }
    card.files.set(data.sha256, { name: data.name, about: `${data.label}, ${data.size >= 1e6 ? `${(data.size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(data.size / 1000))} kB`}` });
    const rows = rowsOf(card);
    const empty = [...rows].reverse().find((row) => [...row.querySelectorAll("input")].every((input) => !input.value));
    const number = empty ? rows.indexOf(empty) : rows.length;
    const row = fileRow(card, number, data.sha256);
    if (empty) empty.replaceWith(row); else rows[rows.length - 1].after(row);
    const title = row.querySelector("[name$='-title']");
    title.value = data.name;
    if (empty && number === rows.length - 1) addRow(card);
    changed(card, true);
    title.focus();
    title.select();
  };

  const enlist = (section) => {
    const card = { id: section.dataset.q, section, status: section.querySelector(":scope > .status"), dirty: false, saving: false, sending: 0, turn: 0, tries: 0, kept: true, files: new Map(), emptyRow: null };
    cards.set(card.id, card);
    section.addEventListener("input", (event) => { if (event.target.type !== "file") changed(card, ["radio", "checkbox"].includes(event.target.type)); });
    const rows = rowsOf(card);
    if (rows.length) {
      for (const row of rows) {
        const digest = row.querySelector("[name$='-sha256']"), link = row.querySelector(".filed a");
        if (digest && link) card.files.set(digest.value, { name: link.textContent, about: row.querySelector(".filed .soft").textContent });
        if (!digest) card.emptyRow = row.cloneNode(true);
      }
      const button = section.querySelector("[name=file_for]");
      const more = make("button", "Add another link", "linklike");
      more.type = "button";
      more.addEventListener("click", () => addRow(card)?.querySelector("input:not([type=hidden])").focus());
      button.before(more, " ");
      const chooser = make("input");
      chooser.type = "file";
      chooser.hidden = true;
      chooser.accept = form.dataset.accept;
      chooser.addEventListener("change", () => { if (chooser.files[0]) send(card, chooser.files[0]); chooser.value = ""; });
      button.type = "button";
      button.removeAttribute("name");
      button.addEventListener("click", () => (card.emptyRow ? chooser.click() : say(card, "20 pieces of evidence fit.", "bad")));
      button.after(chooser);
    }
    const draft = drafts.get(card.id);
    if (!draft) return;
    if (content(draft.fields) === content(fields(card))) { drafts.drop(card.id); return; }
    fill(card, draft.fields);
    for (const name of ["revision", "was"]) field(card, name).value = (draft.fields.find(([key]) => key === name) || [])[1] || "";
    changed(card, true);
  };
  form.querySelectorAll("[data-q]").forEach(enlist);

  const flush = () => Promise.all([...cards.values()].filter((card) => !card.meeting).map((card) => save(card)));
  const unsaved = () => [...cards.values()].some((card) => card.dirty || card.saving || card.sending);
  const settled = async () => {
    await flush();
    for (let turn = 0; turn < 600 && [...cards.values()].some((card) => card.sending); turn += 1) await new Promise((done) => setTimeout(done, 100));
    await flush();
    for (let turn = 0; turn < 40 && [...cards.values()].some((card) => card.saving); turn += 1) await new Promise((done) => setTimeout(done, 100));
    await flush();
  };
  form.addEventListener("submit", async (event) => {
    if (!unsaved()) return;
    event.preventDefault();
    const button = event.submitter;
    await settled();
    if (unsaved()) {
      allStatus.textContent = "Not everything is saved. Look at the answers marked “Not saved”.";
      allStatus.className = "status bad";
      [...cards.values()].find((card) => card.dirty)?.section.focus();
      return;
    }
    form.requestSubmit(button);
  });
  document.querySelector("[data-sign-out]")?.addEventListener("submit", async (event) => {
    if (!unsaved()) return;
    event.preventDefault();
    const leaving = event.target;
    await settled();
    if (!unsaved() || confirm("Something is not saved yet. Sign out all the same? It stays in this browser until you sign in again.")) leaving.submit();
  });
  /* --- who else is on this theme, asked while the page is looked at --- */
  const others = document.getElementById("others");
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(others.dataset.here, {
        method: "POST", headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      });
      if (!answer.ok) return;
      const names = (await answer.json()).others;
      const words = names.length ? `Also on this page: ${names.join(", ")}` : "";
      if (others.textContent !== words) others.textContent = words;
    } catch { /* the line is down: saving says so */ }
  };
  if (others) {
    ask();
    setInterval(ask, 20000);
    document.addEventListener("visibilitychange", ask);
  }

  addEventListener("online", flush);
  addEventListener("focus", flush);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
})();
