/** The place of a number in the ascending part `from..to` of an array; -1 where it is not there. */
export function binarySearch(numbers: Int32Array, wanted: number, from: number, to: number): number {
  let [low, high] = [from, to - 1]
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = numbers[middle]!
    if (found === wanted) return middle
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return -1
}
