/// `--gpus 0,1`: cards by number, or by the names that CUDA_VISIBLE_DEVICES takes.
package struct GraphicsCardList: Equatable {
    package let names: [String]

    package static let rule =
        "numbers from 0, or names such as GPU-8932f937-... and MIG-..., each once, with commas between"

    /// Nil for anything else.
    package init?(_ argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard words.allSatisfy(Self.isCard), Set(words).count == words.count else { return nil }
        names = words
    }

    private static func isCard(_ word: String) -> Bool {
        if word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // As numbers are written: 0 and 00 would be one card.
            return (1...4).contains(word.utf8.count) && (word == "0" || !word.hasPrefix("0"))
        }
        for prefix in ["GPU-", "MIG-"] where word.hasPrefix(prefix) {
            let rest = word.dropFirst(prefix.count)
            return !rest.isEmpty
                && rest.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                        || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2F
                }
        }
        return false
    }
}
