import Sweeps
import Testing

@Suite("Claims, as a file says them")
struct SweepClaimTests {
    private static let rows = """
        name: claimed
        parameters: {augmentations: [[], [mixup]]}
        evaluation: [probe, scratch]

        """

    private func side(_ row: String, _ evaluation: String) -> SweepClaim.Side {
        SweepClaim.Side(row: row, evaluation: evaluation)
    }

    @Test("each has its words, what is better than what, what by more, and its metrics")
    func read() throws {
        let file = try parsed(
            Self.rows + """
                claims:
                  Mixup helps:
                    better: {row: Mixup, evaluation: probe}
                    than: {row: none, evaluation: probe}
                  and most of all in the probe:
                    better: {row: Mixup, evaluation: probe}
                    than: {row: none, evaluation: probe}
                    beyond:
                      better: {row: Mixup, evaluation: scratch}
                      than: {row: none, evaluation: scratch}
                    metrics: accuracy
                """, figures: ["accuracy", "error"])
        let inProbe = SweepClaim.Contrast(
            better: side("Mixup", "probe"), than: side("none", "probe"))
        #expect(
            file.claims == [
                SweepClaim(text: "Mixup helps", contrast: inProbe),
                SweepClaim(
                    text: "and most of all in the probe", contrast: inProbe,
                    beyond: .init(better: side("Mixup", "scratch"), than: side("none", "scratch")),
                    metrics: ["accuracy"]),
            ])
        #expect(try parse(Self.rows).claims.isEmpty)
        #expect(try parse(Self.rows + "claims: ~").claims.isEmpty)
    }

    @Test("what one side leaves out is as on the other, or the only one that there is")
    func leftOut() throws {
        let file = try parse(
            Self.rows + """
                claims:
                  a: {better: {row: Mixup, evaluation: probe}, than: {evaluation: scratch}}
                  b: {better: {row: Mixup}, than: {row: none, evaluation: scratch}}
                """)
        #expect(
            file.claims.map(\.contrast) == [
                .init(better: side("Mixup", "probe"), than: side("Mixup", "scratch")),
                .init(better: side("Mixup", "scratch"), than: side("none", "scratch")),
            ])
        let single = try parse(
            """
            name: single
            base: {batch_size: 8}
            evaluation: [probe, scratch]
            claims:
              c: {better: {evaluation: probe}, than: {evaluation: scratch}}
            """)
        let row = single.expand().rows[0].label
        #expect(
            single.claims.map(\.contrast) == [
                .init(better: side(row, "probe"), than: side(row, "scratch"))
            ])
    }

    @Test("labels are those of the table, however they are typed")
    func typed() throws {
        let file = try parse(
            """
            name: typed
            design: leave_one_out
            parameters: {augmentations: [mixup, channel_drop]}
            evaluation: [probe]
            claims:
              a: {better: {row: Mixup + ChannelDrop}, than: {row: "- Mixup"}}
            """)
        #expect(file.claims[0].contrast.than.row == "\u{2212} Mixup")
    }

    @Test("a scale has claims of its own in the place of the file's")
    func scale() throws {
        let text =
            Self.rows + """
                claims:
                  a: {better: {row: Mixup, evaluation: probe}, than: {row: none}}
                scales:
                  other:
                    parameters: {augmentations: [[], [channel_swap]]}
                    claims:
                      b: {better: {row: ChannelSwap, evaluation: probe}, than: {row: none}}
                """
        #expect(try parse(text).claims.map(\.text) == ["a"])
        #expect(try parse(text, ["scale=other"]).claims.map(\.text) == ["b"])
        #expect(try parse(text, ["claims=~"]).claims.isEmpty)
    }

    @Test("rows and evaluations that there are not, and sides that are not there, are faults")
    func wrong() {
        func faults(_ claims: String) -> [String] {
            SweepsTests.faults(Self.rows + "claims:\n" + claims).map {
                // Without the place.
                String($0.split(separator: " ", maxSplits: 1).last ?? "")
            }
        }
        #expect(
            faults(
                """
                  a: {better: {row: Mixap, evaluation: probe}, than: {row: none, evaluation: raw}}
                  b: {better: {row: Mixap, evaluation: probe}, than: {evaluation: scratch}}
                """) == [
                    "unknown row 'Mixap'; did you mean 'Mixup'?",
                    "unknown evaluation of this sweep 'raw'; there are probe, scratch",
                    "unknown row 'Mixap'; did you mean 'Mixup'?",
                ])
        #expect(
            faults(
                """
                  a: {better: {row: none, evaluation: probe}}
                  b: {better: {row: none}, then: 1}
                  c: 3
                """) == [
                    "claims.a has no 'than'; write than: {row: LABEL, evaluation: NAME}",
                    "claims.b has no 'than'; write than: {row: LABEL, evaluation: NAME}",
                    "unknown key 'then' in claims.b; did you mean 'than'?",
                    "claims.c is 3, but must be a map of keys and values",
                ])
        #expect(
            faults(
                """
                  a: {better: {evaluation: probe}, than: {evaluation: scratch}}
                  b: {better: {row: Mixup}, than: {row: none}}
                  c: {better: {row: Mixup, evaluation: probe}, than: {row: Mixup}}
                """) == [
                    "claims.a has no 'row'; write row: and a label, on one side where both have the same",
                    "claims.b has no 'evaluation'; write evaluation: and what is measured, on one side where "
                        + "both have the same",
                    "claims.c compares probe of 'Mixup' with itself; write another row or evaluation on one "
                        + "side",
                ])
        #expect(SweepsTests.faults(Self.rows + "claims: [a]").count == 1)
    }

    @Test("a claim is about figures that there are, and about another difference than its own")
    func figures() {
        let side = "better: {row: Mixup, evaluation: probe}, than: {row: none, evaluation: probe}"
        let unknown = #expect(throws: SweepFaults.self) {
            try parsed(
                Self.rows + "claims:\n  a: {\(side), metrics: [acuracy]}",
                figures: ["accuracy", "error"])
        }
        #expect(
            unknown?.description.contains("unknown metric 'acuracy'; did you mean 'accuracy'?")
                == true)
        let same = faults(Self.rows + "claims:\n  a: {\(side), beyond: {\(side)}}")
        #expect(same.count == 1 && same[0].contains("compares a difference with itself"))
    }

    private func parsed(
        _ text: String, figures: [String]
    ) throws(SweepFaults) -> SweepFile {
        let schema = SettingsSchema(
            trial: exampleSchema.trial, data: exampleSchema.data,
            evaluations: exampleSchema.evaluations, figures: figures)
        return try SweepFile.parse(text, fileName: "sweeps/x.yaml", overrides: [], schema: schema)
    }
}
