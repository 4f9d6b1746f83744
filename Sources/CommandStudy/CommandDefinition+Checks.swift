import Sweeps

// MARK: What must hold between the parts of a file

extension CommandDefinition {
    /// Why words are no command; nil where they are one.
    private static func fault(ofCommand words: [String]) -> String? {
        guard let program = words.first, !program.isEmpty else {
            return "a command needs a program, such as [python3, train.py]"
        }
        let isCut = words.contains { $0.unicodeScalars.contains("\0") }
        return isCut ? "no word of a command can have the character U+0000 in it" : nil
    }

    /// What must hold between the parts.
    ///
    /// - Parameter isWhole: false where a stage was refused already: what it would have read or left is not
    ///   missing.
    func check(_ sections: inout StudySections, isWhole: Bool) {
        let count = sections.faultCount
        var seen: Set<String> = []
        for stage in stages {
            let section = stage.reference == nil ? "stages" : "references"
            if !seen.insert(stage.name).inserted {
                sections.fault(
                    "there are two stages of the name '\(stage.name)'", in: section,
                    entry: stage.name)
            }
            if let label = stage.reference,
                let other = stages.first(where: { $0.reference == label }), other.name != stage.name
            {
                sections.fault(
                    "references \(other.name) and \(stage.name) would both be called '\(label)'; give "
                        + "one another label", in: section, entry: stage.name, key: "label")
            }
            if let need = stage.needs {
                guard let needed = stages.first(where: { $0.name == need }), seen.contains(need),
                    need != stage.name
                else {
                    sections.fault(
                        "\(stage.name) needs '\(need)', which is no stage before it"
                            + (NearestName.of(need, in: seen.sorted()).map {
                                "; did you mean '\($0)'?"
                            } ?? ""),
                        in: section,
                        entry: stage.name, key: "needs")
                    continue
                }
                if needed.usesSeed, !stage.usesSeed {
                    sections.fault(
                        "\(stage.name) says that its result does not depend on the seed, but it needs "
                            + "\(need), whose result does", in: section, entry: stage.name,
                        key: "seeds")
                }
            }
            let isOnly = section == "stages" && !sections.has("stages")
            if let fault = Self.fault(ofCommand: stage.command) {
                sections.fault(
                    fault, in: isOnly ? "command" : section, entry: isOnly ? nil : stage.name,
                    key: "command")
                continue
            }
            for text in stage.command {
                guard let unknown = Placeholders.unknown(in: text, stage: stage, self) else {
                    continue
                }
                sections.fault(
                    "'{\(unknown)}' stands for nothing here; there are "
                        + Placeholders.names(for: stage, self).map { "{\($0)}" }
                        .joined(separator: ", ") + ", and '{{' for a brace",
                    in: isOnly ? "command" : section, entry: isOnly ? nil : stage.name,
                    key: "command")
            }
        }
        guard isWhole, sections.faultCount == count else { return }
        checkKeys(&sections)
        if finalStages.isEmpty, !stages.isEmpty {
            sections.fault("no stage leaves the figures of the trials", in: "stages")
        }
        let read = Set(stages.flatMap(\.settings))
        for setting in settings where !read.contains(setting.key) {
            sections.fault(
                "no stage reads setting '\(setting.key)'; name it under a stage's settings",
                in: "settings", entry: setting.key)
        }
    }

    /// Two figures of two stages that would be one in the store, such as `a` of stage `x_y` and `y_a` of stage `x`.
    private func checkKeys(_ sections: inout StudySections) {
        let isOne = finalStages.count == 1
        let starts =
            finalStages.map { isOne ? "" : "\($0.name)_" }
            + stages.filter { $0.reference != nil }.map { "\($0.name)_" }
        var known: [String: String] = [:]
        for start in starts {
            for figure in figures {
                let key = start + figure.name
                guard let other = known.updateValue(figure.name, forKey: key) else { continue }
                sections.fault(
                    "figures \(other) and \(figure.name) would both be called '\(key)', with the name of the stage that "
                        + "each is of; rename one", in: "figures", entry: figure.name)
                return
            }
        }
    }
}
