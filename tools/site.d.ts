/** What the site's pages have from Sphinx. */

type Result = [
  page: string,
  title: string,
  anchor: string,
  description: string | null,
  score: number,
  file: string,
];

interface Index {
  titles: string[];
  docnames: string[];
  filenames: string[];
  alltitles: Record<string, [file: number, id: string | null][]>;
}

declare const Search: {
  _index: Index;
  hasIndex(): boolean;
  setIndex(index: Index): void;
  htmlToText(html: string, anchor?: string): string;
  performObjectSearch(name: string, terms: Set<string>): Result[];
  performTermsSearch(terms: Set<string>, excluded: Set<string>): Result[];
};

declare const Stemmer: new () => { stemWord(word: string): string };
declare function splitQuery(text: string): string[];

interface Window {
  figureParts?: Record<string, unknown>;
  preview(name: string, content: string): void;
}
