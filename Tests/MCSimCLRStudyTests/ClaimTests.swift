import Analysis
import Foundation
import MCSimCLRStudy
import Reports
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

/// Two rows and four seeds, whose probe errors are written down: Mixup is better by 1, 2, 3 and 4 degrees; the random
/// encoder has 80, training from scratch 12.
@Suite("Claims across rows and evaluations")
struct ClaimTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let claims = """
        claims:
          Mixup helps direction:
            better: {row: Mixup, evaluation: probe}
            than: {row: none}
          a random encoder is weak:
            better: {row: none, evaluation: probe}
            than: {evaluation: random}
          Mixup is worth more than the probe loses:
            better: {row: Mixup, evaluation: probe}
            than: {row: none, evaluation: probe}
            beyond:
              better: {row: none, evaluation: probe}
              than: {evaluation: scratch}
        """

    private func sweep(
        _ claims: String = Self.claims, seeds: String = "[0, 1, 2, 3]",
        rows: String = "[[], [mixup]]",
        fails: @escaping @Sendable (_ row: Int, _ seed: Int) -> Bool = { _, _ in false }
    ) throws -> StoredSweep {
        try StoredSweep(
            in: folder.url,
            text: """
                name: written
                data: {source: builtin, clips: 40, classes: 4}
                base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
                parameters:
                  augmentations: \(rows)
                seeds: \(seeds)
                evaluation: [random, probe, scratch]
                metrics: [error]
                smallest_effect: {error: 1}
                \(claims)
                """,
            probeError: { row, seed in row == 0 ? 20 + Double(seed) : 19 }, fails: fails)
    }

    private func table(_ sweep: StoredSweep) throws -> Table {
        try SweepTable.claims("written", from: sweep.store.read)
    }

    private func effect(
        _ row: Row
    ) throws -> (mean: Double, lower: Double?, upper: Double?, pairs: Int) {
        guard case .effect(let summary, let interval) = row.cells[1].content else {
            throw CancellationError()
        }
        return (summary.mean, interval?.lower, interval?.upper, summary.count)
    }

    @Test("differences and intervals are those that a hand computes")
    func byHand() throws {
        let table = try table(sweep())
        #expect(
            table.rows.map(\.label) == [
                "Mixup helps direction", "a random encoder is weak",
                "Mixup is worth more than the probe loses",
            ])
        // Student's quantile of three degrees of freedom at 1 - 0.05/6 is 4.85668. Differences are -1 to -4 and -60 to
        // -57, which deviate by root 5/3; the last ones -9, -11, -13 and -15, by twice that.
        let half = 4.85668 * (5.0 / 3).squareRoot() / 2
        for (row, (mean, width)) in zip(table.rows, [(-2.5, half), (-58.5, half), (-12, 2 * half)])
        {
            let found = try effect(row)
            #expect(found.pairs == 4 && abs(found.mean - mean) < 1e-9, "\(row.label)")
            #expect(abs(try #require(found.lower) - (mean - width)) < 1e-3, "\(row.label)")
            #expect(abs(try #require(found.upper) - (mean + width)) < 1e-3, "\(row.label)")
        }
        #expect(
            table.rows.map { $0.cells[3].content } == [
                .text("undecided"), .text("holds"), .text("holds"),
            ])
        #expect(table.rows[1].cells[4].content == .text("better by at least 1°"))
        #expect(table.caption.contains("k = 3"))
        #expect(
            table.footnotes == [
                "“Mixup”: linear probe, against “none”: linear probe",
                "“none”: linear probe, against random encoder",
                "“Mixup”: linear probe, against “none”: linear probe; beyond “none”: linear probe, against "
                    + "supervised from scratch",
            ])
    }

    @Test("the sweep's own verdicts are not corrected for them, nor they for these")
    func families() throws {
        let sweep = try sweep(Self.claims + "\nbaseline: {augmentations: []}")
        #expect(
            try SweepTable.verdicts("written", from: sweep.store.read).caption.contains("k = 1"))
        #expect(try table(sweep).caption.contains("k = 3"))
    }

    @Test("a seed that failed on one side is no pair of its claim, and one of the others")
    func failed() throws {
        let table = try table(sweep(fails: { row, seed in row == 1 && seed == 2 }))
        #expect(try table.rows.map { try effect($0).pairs } == [3, 4, 3])
        #expect(try abs(effect(table.rows[0]).mean + 7.0 / 3) < 1e-9)
    }

    @Test("claims are written into the report: a table, and a sentence each before all others")
    func report() throws {
        let document = try SweepReport.document("written", from: sweep().store.read)
        #expect(document.tables.contains { $0.identifier == "claims" && $0.rows.count == 3 })
        #expect(
            document.summary[0].hasPrefix(
                "Claim “Mixup helps direction”: undecided in error (-2.5° [-5.6, +0.6], 4 pairs)"))
        #expect(document.summary[1].hasPrefix("Claim “a random encoder is weak”: holds in error"))
    }

    @Test("a claim that nothing can decide is a fault of the file")
    func undecidable() throws {
        func fault(_ claim: String) -> String {
            do {
                _ = try sweep("claims:\n  it: {\(claim)}")
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            fault(
                "better: {row: Mixup, evaluation: probe}, than: {row: none}, metrics: [volume_error]"
            ).contains("but the file asks for volume_error; name volume too"))
        // Both have the random encoder of their seed.
        #expect(
            fault("better: {row: Mixup, evaluation: random}, than: {row: none}").contains(
                "compares random of 'Mixup' and of 'none', but what these differ in does not reach it"
            ))
        #expect(fault("better: {row: Mixup, evaluation: probe}, than: {row: none}") == "none")
    }

    @Test("a sweep without claims has no such table")
    func none() throws {
        let sweep = try sweep("")
        #expect(throws: StudiesError.noClaims(sweep: "written")) { try table(sweep) }
        #expect(try SweepTable.claimsIfAny("written", from: sweep.store.read) == nil)
        let document = try SweepReport.document("written", from: sweep.store.read)
        #expect(!document.tables.contains { $0.identifier == "claims" })
    }

    @Test(
        "what is claimed after a look is marked, and corrected for all that could have been claimed"
    )
    func late() throws {
        _ = try sweep(
            """
            claims:
              first: {better: {row: Mixup, evaluation: probe}, than: {row: none}}
            """)
        let second = try sweep(
            """
            claims:
              second: {better: {row: none, evaluation: probe}, than: {evaluation: scratch}}
            """)
        let table = try table(second)
        // Two rows with a probe, two references: six pairs of them, in every figure.
        let figures = second.session.study.figures.count { $0.better != nil }
        #expect(table.caption.contains("k = \(6 * figures)"), "\(table.caption)")
        #expect(table.footnotes.contains { $0.hasPrefix("written down when figures") })
        #expect(table.notes.contains { $0.hasPrefix("k counts 1 comparison as well") })
        // Both again: the first one is what it was, in a family of its own.
        let both = try self.table(
            sweep(
                """
                claims:
                  renamed: {better: {row: Mixup, evaluation: probe}, than: {row: none}}
                  second: {better: {row: none, evaluation: probe}, than: {evaluation: scratch}}
                """))
        #expect(both.caption.contains("k = 1 and \(6 * figures)"), "\(both.caption)")
        #expect(both.rows[0].cells[3].footnotes.isEmpty)
    }

    @Test("what is claimed of rows that nobody has seen is not late, and counts with the others")
    func laterRows() throws {
        let first =
            "claims:\n  first: {better: {row: Mixup, evaluation: probe}, than: {row: none}}\n"
        _ = try sweep(first)
        let table = try table(
            sweep(
                first
                    + "  new: {better: {row: ChannelSwap, evaluation: probe}, than: {row: none}}\n",
                rows: "[[], [mixup], [channel_swap]]"))
        #expect(table.caption.contains("k = 2"), "\(table.caption)")
        #expect(!table.footnotes.contains { $0.hasPrefix("written down when figures") })
    }

    @Test("a plan that is extended after a look is open for its claims too")
    func extended() throws {
        _ = try sweep()
        let table = try table(sweep(seeds: "[0, 1, 2, 3, 4]"))
        #expect(table.caption.contains("k = 3"), "\(table.caption)")
        #expect(table.notes.contains { $0.hasPrefix("Open plan:") })
        #expect(
            table.footnotes.contains {
                $0.hasPrefix("seed 4 added after seeds 0–3 had been looked at")
            })
    }
}
