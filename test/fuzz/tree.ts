/** JSON as a tree that can also hold what JSON may not: fields twice, numbers in any spelling. */
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';

export class Leaf {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export class Branch {
  readonly isList: boolean;
  /** The children; in a list their keys are not written. */
  readonly children: { key: string; node: Node }[];

  constructor(isList: boolean, children: { key: string; node: Node }[]) {
    this.isList = isList;
    this.children = children;
  }
}

export type Node = Leaf | Branch;

/** A tree that is written as the value. */
export function treeOf(value: Json): Node {
  if (typeof value !== 'object' || value === null) return new Leaf(JSON.stringify(value));
  const children = Object.entries(value).map(([key, child]) => ({ key, node: treeOf(child) }));
  return new Branch(Array.isArray(value), children);
}

/** A copy that may be changed without changing the original. Leaves never change. */
export function copy(node: Node): Node {
  if (node instanceof Leaf) return node;
  return new Branch(
    node.isList,
    node.children.map(({ key, node: child }) => ({ key, node: copy(child) })),
  );
}

/** The tree as text. */
export function write(node: Node): string {
  if (node instanceof Leaf) return node.text;
  if (node.isList) return `[${node.children.map((child) => write(child.node)).join(',')}]`;
  return `{${node.children.map((child) => `${JSON.stringify(child.key)}:${write(child.node)}`).join(',')}}`;
}

/** Every branch in the tree, the root first. */
export function branches(node: Node): Branch[] {
  if (node instanceof Leaf) return [];
  return [node, ...node.children.flatMap((child) => branches(child.node))];
}
