import Randomness

/// Orders things so that the first few are of many kinds.
enum Turns {
    /// One of every group before a second of any, else as they are drawn.
    static func order<Item>(
        _ items: [Item], of group: (Item) -> String, using stream: inout Stream
    ) -> [Item] {
        let order = stream.permutation(items.count).map { items[$0] }
        var drawn: [String: Int] = [:]
        let ranked = order.enumerated().map { place, item in
            let rank = drawn[group(item), default: 0]
            drawn[group(item)] = rank + 1
            return (rank: rank, place: place, item: item)
        }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.item)
    }
}
