import Analysis
import Foundation
import Testing

@Suite("Best sets")
struct BestSetTests {
    private func rows(_ values: [[Double]]) -> [[Int: Double]] {
        values.map { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($0, $1) }) }
    }

    @Test("rows that another row beats in every seed are out, close ones stay")
    func clear() {
        let found = BestSet.rows(
            rows([
                [80.0, 81.2, 79.5, 80.4, 80.9, 79.8], [80.3, 80.8, 79.9, 80.1, 81.3, 79.2],
                [70.2, 71.1, 69.0, 70.9, 70.4, 69.7],
            ]), looks: [.fixed, .fixed, .fixed], higherIsBetter: true)
        #expect(found == [0, 1])
        let lower = BestSet.rows(
            rows([[8.0, 8.2, 7.9, 8.1], [12.1, 12.9, 12.2, 12.7]]), looks: [.fixed, .fixed],
            higherIsBetter: false)
        #expect(lower == [0])
    }

    @Test("without three common seeds there is no set")
    func tooFew() {
        let few = rows([[80, 81], [70, 71]])
        #expect(BestSet.rows(few, looks: [.fixed, .fixed], higherIsBetter: true) == nil)
        #expect(BestSet.rows(rows([[1, 2, 3]]), looks: [.fixed], higherIsBetter: true) == nil)
    }

    @Test("of equal rows the set holds a given one in at least 95 % of runs")
    func coverage() {
        var generator = SimulationGenerator(43)
        let runs = 2_000
        var held = 0
        for _ in 0..<runs {
            let shared = generator.normals(8)
            let values = rows((0..<6).map { _ in shared.map { $0 + generator.normal() } })
            let looks = [Looks](repeating: .fixed, count: 6)
            let found = BestSet.rows(values, looks: looks, higherIsBetter: true)
            if found?.contains(0) ?? true { held += 1 }
        }
        let share = Double(held) / Double(runs)
        #expect(share > 0.94 && share < 0.995, "\(share)")
    }

    @Test(
        "as if every pair were compared in full, also where figures are equal, huge, missing or not numbers",
        arguments: [Looks.fixed, .open(first: []), .open(first: [0, 1, 2, 3])])
    func inFull(looks: Looks) {
        var generator = SimulationGenerator(44)
        for run in 0..<400 {
            let (spread, lead) = (pow(10, Double(run % 9) - 6), Double(run % 7))
            var values = rows(
                (0..<7).map { row in
                    let own = Double(row / 2) * lead * spread / 4
                    return generator.normals(8).map { 50 + own + spread * $0 }
                })
            if run % 3 == 0 { values[1] = values[0] }
            if run % 4 == 0 { values[2][3] = nil }
            if run % 5 == 0 { values[3][5] = .nan }
            if run % 11 == 0 { values[4][0] = 1e14 }
            let all = [Looks](repeating: looks, count: values.count)
            #expect(
                BestSet.rows(values, looks: all, higherIsBetter: true) == best(values, looks),
                "run \(run)")
        }
    }

    private func best(_ rows: [[Int: Double]], _ looks: Looks) -> Set<Int>? {
        var beaten: Set<Int> = []
        var isCompared = false
        for (row, values) in rows.enumerated() {
            for others in rows {
                guard let difference = PairedDifference(of: values, against: others),
                    let interval = looks.interval(
                        of: difference, alpha: 0.1 / Double(rows.count - 1))
                else { continue }
                isCompared = true
                if interval.excludesZero, interval.upper < 0 { beaten.insert(row) }
            }
        }
        return isCompared ? Set(rows.indices).subtracting(beaten) : nil
    }
}
