/** The problems of a store's front page: none where it has its title and shows three books from recommendations. */
export async function findHomepageProblems(url: string): Promise<string[]> {
  try {
    const response = await fetch(url)
    const page = await response.text()
    const items = page.match(/<li>/g)?.length ?? 0
    return [
      ...(response.status === 200 ? [] : [`the front page has the status ${response.status}`]),
      ...(page.includes('<title>Online Books For You</title>') ? [] : ['the front page has another title']),
      ...(items === 3 ? [] : [`the front page has ${items} plain <li>, not 3`]),
    ]
  } catch (error) {
    const { message, cause } = error as Error
    return [`the front page does not open: ${(cause as Error | undefined)?.message ?? message}`]
  }
}
