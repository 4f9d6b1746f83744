import Analysis
import CommandStudy
import Foundation
import Reports
import Studies
import TestSupport
import Testing

/// Test items of different files are the same where their names are.
@Suite("Matching programs' test items")
struct ItemMatchingTests {
    private static let sweep = """
        name: items
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}}
        parameters: {size: [1, 2]}
        baseline: {size: 1}
        seeds: 4
        """

    /// Six items in three groups; what the second size gains depends on the group, what a seed gains on the seed.
    ///
    /// - Parameter lines: what becomes of the lines before they are written.
    private static func program(_ lines: String) -> String {
        """
        s=$ABLATE_SEED; z=$ABLATE_SETTING_SIZE; all="$ABLATE_OUTPUT/all.txt"
        for i in 1 2 3 4 5 6; do
          g=$(((i + 1) / 2))
          echo "clip $i,room $g,$((10 * i + z * g * g + s * z + (s * i * z) % 3))"
        done > "$all"
        awk -F, '{ t += $3 } END { print "{\\"points\\": " t / NR "}" }' "$all" > "$ABLATE_OUTPUT/figures.json"
        (echo item,group,points; \(lines)) > "$ABLATE_OUTPUT/predictions.csv"
        """
    }

    private func table(_ lines: String) throws -> Table {
        let sweep = try ProgramSweep(["train.sh": Self.program(lines)])
        let outcome = try sweep.run(Self.sweep)
        #expect(outcome.reasons == [])
        return try SweepTable.variance("items", from: StudyStore(outcome.store, sweep.catalogue))
    }

    @Test("the order of the lines changes nothing, whatever it is in each seed and row")
    func shuffled() throws {
        let straight = try table("cat $all")
        guard case .number(let groups) = straight.rows[0].cells[4].content else {
            Issue.record("no deviation of groups")
            return
        }
        // Gains of 3, 12 and 27 less the seeds' in the three groups.
        #expect(groups > 3)
        let shuffled = try table("[ $(((s + z) % 2)) = 0 ] && cat $all || sort -r $all")
        #expect(shuffled == straight)
    }

    @Test("items of other names, or in other groups, are not matched, and the table says why")
    func others() throws {
        let others = [
            "sed \"s/clip/clip $s/\" $all", "sed \"s/room/room of $z/\" $all",
            "[ $z = 1 ] && sed 's/clip 2,room 1/clip 3,room 1/; s/clip 3,room 2/clip 2,room 2/' $all || cat $all",
        ]
        for lines in others {
            let table = try table(lines)
            #expect(table.rows[0].cells[2...].allSatisfy { $0.content == .notApplicable })
            let mark = try #require(table.rows[0].cells[2].footnotes.first)
            #expect(
                table.footnotes[mark]
                    == "not all seeds of the row and its baseline were tested on the same items in the same groups"
            )
        }
    }
}
