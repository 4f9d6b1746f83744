import Analysis

/// What was added to a plan after its first seeds had been looked at.
enum ExtendedPlan {
    /// A sentence for below the table; nil where nothing was added that has figures.
    static func sentence(_ input: ComparisonInput) -> String? {
        var found: [(first: [Int], added: Set<Int>)] = []
        for row in input.rows {
            guard case .open(let first) = row.looks, !first.isEmpty else { continue }
            let added = row.trials.lazy.filter { $0.status == .finished }.map(\.seed)
                .filter { !first.contains($0) }
            guard !added.isEmpty else { continue }
            if let index = found.firstIndex(where: { $0.first == first }) {
                found[index].added.formUnion(added)
            } else {
                found.append((first, Set(added)))
            }
        }
        guard !found.isEmpty else { return nil }
        let parts = found.map { first, added in
            "\(SeedList.text(added.sorted())) added after \(SeedList.text(first)) had been looked at"
        }
        return
            "Extended plan: \(parts.joined(separator: "; ")). Its intervals hold at every look: each is what those "
            + "of both looks have in common, and need not hold the mean of all seeds."
    }
}
