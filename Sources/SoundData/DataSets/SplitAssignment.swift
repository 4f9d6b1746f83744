import Randomness

/// Divides groups of clips among training, validation and test.
///
/// Stratified: each group counts for the class that most of its clips have, and the groups of a class
/// are dealt, largest first, each to the split that is furthest below its share. A class of three
/// groups or more has at least one in every split that has a share; a class of two has none for
/// validation; a class of one has all its clips in training.
package enum SplitAssignment {
    /// Returns the split of every clip; `labels[i]` and `groups[i]` describe clip i.
    package static func draw(
        labels: [Int], groups: [String], validationFraction: Double, testFraction: Double,
        seed: UInt64
    ) -> [Split] {
        var members: [String: [Int]] = [:]
        for (index, group) in groups.enumerated() { members[group, default: []].append(index) }
        var groupsOfClass: [Int: [String]] = [:]
        for (group, clips) in members.sorted(by: { $0.key < $1.key }) {
            groupsOfClass[majority(clips.map { labels[$0] }), default: []].append(group)
        }
        var assigned: [String: Split] = [:]
        for (label, candidates) in groupsOfClass.sorted(by: { $0.key < $1.key }) {
            var stream = Stream(seed, "splits", label)
            let order = stream.permutation(candidates.count).map { candidates[$0] }
            let sizes = order.map { members[$0, default: []].count }
            let splits = deal(
                sizes: sizes, validationFraction: validationFraction, testFraction: testFraction)
            for (group, split) in zip(order, splits) { assigned[group] = split }
        }
        return groups.map { assigned[$0, default: .training] }
    }

    private static func majority(_ labels: [Int]) -> Int {
        var counts: [Int: Int] = [:]
        for label in labels { counts[label, default: 0] += 1 }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    }

    private static func deal(
        sizes: [Int], validationFraction: Double, testFraction: Double
    ) -> [Split] {
        let total = Double(sizes.reduce(0, +))
        var missing = [(split: Split.training, clips: total, isEmpty: true)]
        if testFraction > 0, sizes.count >= 2 {
            missing.append((.test, total * testFraction, true))
            missing[0].clips -= total * testFraction
        }
        if validationFraction > 0, sizes.count > missing.count {
            missing.append((.validation, total * validationFraction, true))
            missing[0].clips -= total * validationFraction
        }
        var result = [Split](repeating: .training, count: sizes.count)
        let largestFirst = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        for (dealt, group) in largestFirst.enumerated() {
            let left = sizes.count - dealt
            let mustFill = missing.count(where: \.isEmpty) >= left
            var choice = -1
            for index in missing.indices where !mustFill || missing[index].isEmpty {
                if choice < 0 || missing[index].clips > missing[choice].clips { choice = index }
            }
            result[group] = missing[choice].split
            missing[choice].clips -= Double(sizes[group])
            missing[choice].isEmpty = false
        }
        return result
    }
}
