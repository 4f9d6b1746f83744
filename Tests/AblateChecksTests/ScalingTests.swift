import AblateChecks
import Testing

@Suite("Time against size")
struct ScalingTests {
    @Test("a line is found whatever the scale, and what is beside it is told as a share")
    func line() {
        let exact = LineFit([10, 100, 1000].map { (Double($0), 2 + 0.5 * Double($0)) })
        #expect(abs(exact.intercept - 2) < 1e-9 && abs(exact.slope - 0.5) < 1e-9)
        #expect(exact.deviations.allSatisfy { abs($0) < 1e-9 })

        // A square is no line: the middle lies below it, both ends above.
        let square = LineFit([1, 2, 3].map { (Double($0), Double($0 * $0)) })
        #expect(square.deviations[1] < -LineFit.tolerance)
        #expect(square.deviations[2] > 0)
    }

    @Test("small times count as much as large ones: one tenth too long moves the line alike")
    func relative() {
        let sizes = [1.0, 10, 100, 1000]
        func worst(slow: Int) -> Double {
            LineFit(sizes.indices.map { (sizes[$0], sizes[$0] * ($0 == slow ? 1.1 : 1)) })
                .deviations.map(abs).max()!
        }
        #expect(worst(slow: 0) < 0.1 && worst(slow: 3) < 0.1)
    }

    @Test(
        "threads are doubled as far as there are processors",
        arguments: [(1, [1]), (6, [1, 2, 4])])
    func threads(processors: Int, counts: [Int]) {
        #expect(ScalingMeasure.threadCounts(processors: processors) == counts)
    }

    @Test("what is measured goes between the marks of a document, and nowhere else")
    func marks() throws {
        let (begin, end) = (MeasuredPart.begin, MeasuredPart.end)
        let part = try MeasuredPart(of: "# A\n\n\(begin)\nold\n\(end)\nlast\n")
        #expect(part.before == "# A\n\n\(begin)" && part.after == "\(end)\nlast\n")
        for text in ["\(end) \(begin)", "no marks", ""] {
            #expect(throws: (any Error).self) { try MeasuredPart(of: text) }
        }
    }
}
