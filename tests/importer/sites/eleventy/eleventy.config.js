import markdownIt from "markdown-it";
import references from "./src/_data/references.json" with { type: "json" };

const inline = markdownIt({ html: true });

function note(name) {
  return (text) => `<span class="${name}">${inline.renderInline(text)}</span>`;
}

export default function (eleventyConfig) {
  eleventyConfig.addShortcode("sidenote", note("sidenote"));
  eleventyConfig.addShortcode("marginnote", note("marginnote"));
  eleventyConfig.addShortcode("cite", (key) => {
    const work = references[key];
    return `<a class="cite" href="/references/#${key}">(${work.authors}, ${work.year})</a>`;
  });
  eleventyConfig.addPassthroughCopy("src/topics/**/*.{svg,png,csv}");
}

export const config = {
  dir: { input: "src", output: "_site" },
  markdownTemplateEngine: "njk",
};
