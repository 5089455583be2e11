import { defineConfig } from 'astro/config';
import mdx from '@astrojs/mdx';
import remarkMath from 'remark-math';

export default defineConfig({
  site: 'https://lamps.example.org',
  integrations: [mdx()],
  markdown: { remarkPlugins: [remarkMath] },
});
