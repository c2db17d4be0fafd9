export { Queue } from '../base/queue.ts';
