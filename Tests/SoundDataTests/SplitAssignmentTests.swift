import Randomness
import SoundData
import Testing

@Suite("Drawing splits by group")
struct SplitAssignmentTests {
    @Test("groups of random sizes and mixed classes never stand in two splits", arguments: 0..<20)
    func noSharedGroups(_ seed: UInt64) {
        var stream = Stream(seed, "splits test")
        let count = 60 + stream.index(below: 400)
        let labels = (0..<count).map { _ in stream.index(below: 7) }
        let groups = (0..<count).map { _ in "g\(stream.index(below: count / 3))" }
        let splits = SplitAssignment.draw(
            labels: labels, groups: groups, validationFraction: 0.2, testFraction: 0.2, seed: seed)
        var seen: [String: Split] = [:]
        for (group, split) in zip(groups, splits) {
            #expect(seen.updateValue(split, forKey: group) ?? split == split)
        }
        for split in [Split.training, .validation, .test] {
            let share = Double(splits.count { $0 == split }) / Double(count)
            #expect(abs(share - (split == .training ? 0.6 : 0.2)) < 0.08)
        }
    }

    @Test(
        "few groups: one trains; two train and test; three fill all splits",
        arguments: [1, 2, 3])
    func fewGroups(_ count: Int) {
        // The first group is as large as all the others: it must not crowd them out.
        let groups = (0..<count).flatMap { Array(repeating: "g\($0)", count: $0 == 0 ? 9 : 1) }
        let splits = SplitAssignment.draw(
            labels: groups.map { _ in 0 }, groups: groups, validationFraction: 0.2,
            testFraction: 0.2, seed: 3)
        let expected: [Set<Split>] = [
            [.training], [.training, .test], [.training, .test, .validation],
        ]
        #expect(Set(splits) == expected[count - 1])
        #expect(splits[0] == .training)
    }

    @Test("without a share, a split gets nothing")
    func noShare() {
        let groups = (0..<10).map { "g\($0)" }
        let splits = SplitAssignment.draw(
            labels: groups.map { _ in 0 }, groups: groups, validationFraction: 0.3,
            testFraction: 0, seed: 3)
        #expect(splits.count { $0 == .validation } == 3)
        #expect(!splits.contains(.test))
    }

    @Test("the draw does not depend on the order of the clips")
    func order() {
        let groups = (0..<30).map { "g\($0 / 2)" }
        let labels = (0..<30).map { $0 % 6 / 2 }
        func draw(_ order: [Int]) -> [Split] {
            let splits = SplitAssignment.draw(
                labels: order.map { labels[$0] }, groups: order.map { groups[$0] },
                validationFraction: 0.2, testFraction: 0.2, seed: 5)
            return (0..<30).map { clip in splits[order.firstIndex(of: clip)!] }
        }
        #expect(draw(Array(0..<30)) == draw(Array((0..<30).reversed())))
    }
}
