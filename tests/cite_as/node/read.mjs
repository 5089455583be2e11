// Read RIS or CSL-JSON from standard input with citation-js, and write CSL-JSON.
import { Cite } from "@citation-js/core";
import "@citation-js/plugin-ris";
import { readFileSync } from "node:fs";

process.stdout.write(JSON.stringify(new Cite(readFileSync(0, "utf-8")).data));
