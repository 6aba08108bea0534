// What the person who typed `npm start` can repair: told as one sentence, without a stack.

export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
