/** Just enough of HTML to look at what pages are made of. */
export interface Tag {
  readonly name: string;
  /** Without a value: the empty string. Entities are read. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What follows up to the next tag. */
  readonly text: string;
  readonly isEnd: boolean;
}

const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*"[^"]*")?)*)\s*(\/?)>([^<]*)/g;

/** All tags in their order. Throws where there is a `<` that begins none: nothing may hide from the tests. */
export function tagsOf(html: string): readonly Tag[] {
  const document = html.replace(/^<!doctype html>/i, '');
  const tags = [...document.matchAll(TAG)].map(([, end, name = '', attributes = '', , text = '']): Tag => ({
    name: name.toLowerCase(),
    attributes: attributesOf(attributes),
    text: plain(text),
    isEnd: end === '/',
  }));
  const begun = document.split('<').length - 1;
  if (begun !== tags.length) throw new Error(`${String(begun - tags.length)} tags are not well formed`);
  return tags;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/([^\s"'<>/=]+)(?:\s*=\s*"([^"]*)")?/g)];
  return new Map(found.map(([, name = '', value = '']) => [name.toLowerCase(), plain(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

export interface Form {
  readonly tag: Tag;
  /** What stands between its tags. */
  readonly tags: readonly Tag[];
}

export function formsOf(tags: readonly Tag[]): readonly Form[] {
  return tags.flatMap((tag, index) => {
    if (tag.name !== 'form' || tag.isEnd) return [];
    const rest = tags.slice(index + 1);
    return [
      {
        tag,
        tags: rest.slice(
          0,
          rest.findIndex((each) => each.name === 'form' && each.isEnd),
        ),
      },
    ];
  });
}
