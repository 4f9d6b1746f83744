/// `claims`: what is claimed, in words, to the evaluations of rows that it is about.
struct ClaimsSection {
    /// A side as the file has it; what it leaves out is as on the other one.
    private struct Side {
        var row: SourceNode?
        var evaluation: SourceNode?
    }

    private struct Contrast {
        var better: Side
        var than: Side
        var place: String
        var origin: Origin
    }

    private struct Entry {
        var text: String
        var contrast: Contrast
        var beyond: Contrast?
        var metrics: [String]
    }

    /// What the rows of a sweep may be called, and which evaluations it has.
    struct Names {
        /// As tables have them.
        var rows: [String]
        /// Of rows that became another one because nothing reads their settings, as they are typed: its place.
        var aliases: [String: Int]
        var evaluations: [String]

        /// The label that a file means, as tables have it.
        fileprivate func row(_ name: String) -> String? {
            let typed = LabelSpelling.typed(name)
            return rows.first { LabelSpelling.typed($0) == typed }
                ?? aliases[typed].map { rows[$0] }
        }
    }

    private var entries: [Entry] = []

    /// The figures that claims name themselves.
    var metrics: [String] { entries.flatMap(\.metrics) }

    /// Reads the section; which rows and evaluations there are is asked later.
    init(_ node: SourceNode, schema: SettingsSchema, faults: inout FaultList) {
        guard let entries = node.entries else {
            faults.add(.notAMap(place: "claims", found: node.excerpt), at: node.origin)
            return
        }
        for entry in entries {
            let place = "claims.\(entry.key)"
            guard entry.key.contains(where: { !$0.isWhitespace }) else {
                faults.add(
                    .conflict("a claim has no words; write what is claimed before its colon"),
                    at: entry.keyOrigin)
                continue
            }
            guard
                let contrast = Self.contrast(
                    entry.value, place: place, keys: ["better", "than", "beyond", "metrics"],
                    faults: &faults)
            else { continue }
            var beyond: Contrast?
            if let node = entry.value["beyond"], !node.isNull {
                beyond = Self.contrast(
                    node, place: "\(place).beyond", keys: ["better", "than"], faults: &faults)
            }
            var metrics: [String] = []
            if let node = entry.value["metrics"], !node.isNull {
                metrics = SweepSections.names(
                    node, key: "metrics", allowed: schema.figures, faults: &faults)
            }
            self.entries.append(
                Entry(text: entry.key, contrast: contrast, beyond: beyond, metrics: metrics))
        }
    }

    /// The claims, with the labels of a plan; a fault for each row and evaluation that it does not have.
    func claims(_ names: Names, faults: inout FaultList) -> [SweepClaim] {
        entries.compactMap { entry in
            let contrast = Self.resolved(entry.contrast, names, faults: &faults)
            let beyond = entry.beyond.flatMap { Self.resolved($0, names, faults: &faults) }
            guard let contrast else { return nil }
            if contrast == beyond {
                faults.add(
                    .conflict(
                        "\(entry.contrast.place) compares a difference with itself; write another "
                            + "one under 'beyond'"), at: entry.contrast.origin)
            }
            return SweepClaim(
                text: entry.text, contrast: contrast, beyond: beyond, metrics: entry.metrics)
        }
    }

    // MARK: As it is written

    private static func contrast(
        _ node: SourceNode, place: String, keys: [String], faults: inout FaultList
    ) -> Contrast? {
        guard check(node, place: place, keys: keys, faults: &faults) else { return nil }
        let better = side(node, "better", place: place, faults: &faults)
        let than = side(node, "than", place: place, faults: &faults)
        guard let better, let than else { return nil }
        return Contrast(better: better, than: than, place: place, origin: node.origin)
    }

    private static func side(
        _ node: SourceNode, _ key: String, place: String, faults: inout FaultList
    ) -> Side? {
        guard let found = node[key], !found.isNull else {
            faults.add(
                .missing(
                    key, place: place, remedy: "write \(key): {row: LABEL, evaluation: NAME}"),
                at: node.origin)
            return nil
        }
        let place = "\(place).\(key)"
        guard check(found, place: place, keys: ["row", "evaluation"], faults: &faults) else {
            return nil
        }
        func part(_ key: String) -> SourceNode? { found[key].flatMap { $0.isNull ? nil : $0 } }
        return Side(row: part("row"), evaluation: part("evaluation"))
    }

    private static func check(
        _ node: SourceNode, place: String, keys: [String], faults: inout FaultList
    ) -> Bool {
        guard let entries = node.entries else {
            faults.add(.notAMap(place: place, found: node.excerpt), at: node.origin)
            return false
        }
        for entry in entries where !keys.contains(entry.key) {
            faults.add(
                .unknownKey(entry.key, place: place, allowed: keys, belongs: nil),
                at: entry.keyOrigin)
        }
        return true
    }

    // MARK: As it is meant

    /// Nil where a fault was added.
    private static func resolved(
        _ contrast: Contrast, _ names: Names, faults: inout FaultList
    ) -> SweepClaim.Contrast? {
        let count = faults.count
        func name(
            _ own: SourceNode?, _ other: SourceNode?, all: [String],
            known: (String) -> String?, what: String
        ) -> String {
            // A sweep with one of them needs no name.
            guard let node = own ?? other else { return all.first ?? "" }
            let text = node.text ?? node.excerpt
            if let found = known(text) { return found }
            // What both sides have from one of them is wrong once.
            if own != nil {
                faults.add(
                    .unknownName(text, what: what, allowed: all.map(LabelSpelling.typed)),
                    at: node.origin)
            }
            return ""
        }
        func side(_ own: Side, _ other: Side) -> SweepClaim.Side {
            SweepClaim.Side(
                row: name(
                    own.row, other.row, all: names.rows, known: names.row, what: "row"),
                evaluation: name(
                    own.evaluation, other.evaluation, all: names.evaluations,
                    known: { names.evaluations.contains($0) ? $0 : nil },
                    what: "evaluation of this sweep"))
        }
        let sides = [contrast.better, contrast.than]
        if names.rows.count != 1, sides.allSatisfy({ $0.row == nil }) {
            faults.add(
                .missing(
                    "row", place: contrast.place,
                    remedy: "write row: and a label, on one side where both have the same"),
                at: contrast.origin)
        }
        if names.evaluations.count != 1, sides.allSatisfy({ $0.evaluation == nil }) {
            faults.add(
                .missing(
                    "evaluation", place: contrast.place,
                    remedy: "write evaluation: and what is measured, on one side where both have "
                        + "the same"), at: contrast.origin)
        }
        let found = SweepClaim.Contrast(
            better: side(contrast.better, contrast.than), than: side(contrast.than, contrast.better)
        )
        guard faults.count == count else { return nil }
        if found.better == found.than {
            faults.add(
                .conflict(
                    "\(contrast.place) compares \(found.better.evaluation) of "
                        + "'\(LabelSpelling.typed(found.better.row))' with itself; write another row or "
                        + "evaluation on one side"), at: contrast.origin)
            return nil
        }
        return found
    }
}
