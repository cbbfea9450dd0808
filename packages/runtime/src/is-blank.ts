/** Whether a text has no visible character: it is empty, or has only spaces and characters such as a zero-width space. */
export function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]*$/u.test(text)
}
