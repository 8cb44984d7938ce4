/** What somebody scores who knows the questions and never looks. */

/** The share of right answers of one who gives each type's commonest answer. NaN for no questions. */
export function chanceOf(questions: readonly { readonly type: string; readonly answer: string }[]): number {
  const counts = new Map<string, Map<string, number>>();
  for (const { type, answer } of questions) {
    const answers = counts.get(type) ?? new Map<string, number>();
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    counts.set(type, answers);
  }
  const right = [...counts.values()].reduce((sum, answers) => sum + Math.max(...answers.values()), 0);
  return right / questions.length;
}
