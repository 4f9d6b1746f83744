/// Finds the name that was probably meant.
package enum NearestName {
    /// The name nearest to `wrong`, where one is near enough to be a slip; the first of equals.
    ///
    /// Case, `-`, `_` and spaces count for nothing. Otherwise a slip is at most a third of the letters.
    package static func of(_ wrong: String, in names: [String]) -> String? {
        let wrongLetters = letters(wrong)
        guard !wrongLetters.isEmpty, wrongLetters.count <= 100 else { return nil }
        var best: (name: String, distance: Int)?
        for name in names where name != wrong {
            let nameLetters = letters(name)
            let isBeginning =
                wrongLetters.count >= 3 && nameLetters.starts(with: wrongLetters)
                || nameLetters.count >= 3 && wrongLetters.starts(with: nameLetters)
            let allowed = max(1, max(wrongLetters.count, nameLetters.count) / 3)
            var distance = Self.distance(wrongLetters, nameLetters)
            if isBeginning { distance = min(distance, allowed) }
            if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// All names, the nearest first; those that share a word with `wrong` before others.
    package static func ranked(_ wrong: String, _ names: [String]) -> [String] {
        let wrongLetters = Array(letters(wrong).prefix(100))
        let words = Set(wrong.lowercased().split(whereSeparator: { "_- ".contains($0) }))
        let ranks = names.map { name in
            let isShared = name.split(separator: "_").contains(where: words.contains)
            return (isShared ? 0 : 1000) + distance(wrongLetters, letters(name))
        }
        return names.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { names[$0] }
    }

    private static func letters(_ name: String) -> [Character] {
        name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.map { $0 }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other
    /// (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(last[j + 1], row[j]) + 1
                cost = min(cost, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
