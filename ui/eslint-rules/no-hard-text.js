/** Text that people read stands in src/locales, in every language; not in the source. */

const TEXT_ATTRIBUTES = new Set([
  "title",
  "placeholder",
  "alt",
  "label",
  "aria-label",
  "okText",
  "cancelText",
  "extra",
  "message",
]);
const LETTERS = /\p{L}{2,}/u;
const HAN = /\p{Script=Han}/u;

/** @type {import("eslint").Rule.RuleModule} */
export default {
  meta: {
    type: "problem",
    schema: [],
    messages: { hard: "Text for people: put “{{text}}” into src/locales and read it with t()." },
  },
  create(context) {
    /** @param {import("estree").Node} node @param {string} text */
    const report = (node, text) =>
      context.report({ node, messageId: "hard", data: { text: text.trim().slice(0, 40) } });
    /** @param {any} node */
    const checkHan = (node) => {
      const text = typeof node.value === "string" ? node.value : (node.value?.cooked ?? "");
      if (HAN.test(text)) report(node, text);
    };
    return {
      JSXText: (/** @type {any} */ node) => {
        if (LETTERS.test(node.value)) report(node, node.value);
      },
      JSXAttribute: (/** @type {any} */ node) => {
        const literal = node.value?.type === "Literal" ? node.value : null;
        if (literal !== null && TEXT_ATTRIBUTES.has(node.name.name ?? "") && LETTERS.test(String(literal.value)))
          report(literal, String(literal.value));
      },
      Literal: checkHan,
      TemplateElement: checkHan,
    };
  },
};
