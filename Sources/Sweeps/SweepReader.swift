import Digests
import Foundation

/// Puts a sweep file together: text, scale, overrides, sections, rows.
struct SweepReader {
    private(set) var schema: SettingsSchema
    private let studies: SweepStudies?
    var faults: FaultList
    var layers = SettingLayers()
    private var spellings: [SweepRemark] = []

    init(schema: SettingsSchema, faults: FaultList) {
        self.schema = schema
        self.faults = faults
        studies = nil
    }

    init(studies: SweepStudies, faults: FaultList) {
        schema = SettingsSchema(trial: [], data: [], evaluations: [])
        self.faults = faults
        self.studies = studies
    }

    /// The file, or nil; it is to be used only when no fault was added.
    mutating func read(_ text: String) -> SweepFile? {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let document = YAMLReader.read(text, faults: &faults)
        choose(document)
        let overrides = faults.overrides.enumerated().compactMap { index, override in
            SweepOverride(override, index: index, schema: schema, faults: &faults)
        }
        guard var root = document else {
            if faults.isEmpty { faults.add(.empty, at: .wholeFile) }
            return nil
        }
        guard !root.isNull else {
            faults.add(.empty, at: .wholeFile)
            return nil
        }
        spellKeysOfToday(in: &root)
        // What the file says is checked whole, the parts that a scale or an override replaces too.
        _ = sections(of: root)
        for override in overrides where override.concernsScales { override.apply(to: &root) }
        let countBeforeScale = faults.count
        let scale = mergeScale(into: &root)
        let isScaleKnown = faults.count == countBeforeScale
        for override in overrides where !override.concernsScales { override.apply(to: &root) }
        let sections = sections(of: root)
        addFaultsOfBareOverrides(overrides, sections: sections)
        if isScaleKnown { addFaultsOfUnreadData(sections) }
        let name = name(from: sections)
        let table = SettingsTable(descriptors: schema.trial, base: sections.base)
        let count = faults.count
        let designs = DesignResolver(sections, table: table).designs(faults: &faults)
        // Rows are looked for in spite of other faults, so that a wrong baseline is named as well.
        guard sections.areRowsKnown, isScaleKnown, faults.count == count,
            overrides.count == faults.overrides.count
        else { return nil }
        let expander = SweepExpander(
            sections: sections, designs: designs, table: table, schema: schema,
            data: schema.completeData(sections.data), layers: layers, spellings: spellings)
        guard let expansion = expander.expansion(faults: &faults), let name else { return nil }
        return file(
            sections, expansion: expansion, designs: designs, name: name, scale: scale, text: text,
            origins: SectionOrigins(root, schema.sections + ["claims", "metrics"]))
    }

    /// Takes the schema of the study that the file or an override names, as the file defines it.
    private mutating func choose(_ document: SourceNode?) {
        guard let studies else {
            if let node = document?["study"], !node.isNull {
                faults.add(
                    .unknownName(node.text ?? node.excerpt, what: "study", allowed: []),
                    at: node.origin)
            }
            return
        }
        let override = faults.overrides.last { $0.hasPrefix("study=") }?.dropFirst("study=".count)
        var name: String?
        if let override {
            name = String(override)
        } else if let node = document?["study"], !node.isNull {
            name = node.text ?? node.excerpt
        }
        if let given = name, !studies.names.contains(given) {
            let origin = override == nil ? document?["study"]?.origin : nil
            faults.add(
                .unknownName(given, what: "study", allowed: studies.names),
                at: origin ?? .wholeFile)
            // What else the file says is read as it is meant.
            name = NearestName.of(given, in: studies.names)
        } else if name == nil, let (other, entry) = unnamedStudy(document, studies) {
            faults.add(
                .missing(
                    "study", place: "the sweep file",
                    remedy: "'\(entry.key)' is of the study '\(other)': write study: \(other)"),
                at: entry.keyOrigin)
            name = other
        }
        var sections = StudySections(
            root: withOverrides(of: studies.sections(name), document), faults: faults)
        schema = studies.schema(name, &sections)
        faults = sections.faults
    }

    /// The study that a file means which names none, by the sections that only that study has; one of them
    /// alone may be a wrong word for something else.
    private func unnamedStudy(
        _ document: SourceNode?, _ studies: SweepStudies
    ) -> (name: String, first: SourceNode.Entry)? {
        let known = Set(SweepSections.keys + studies.sections(nil))
        for study in studies.names {
            let own = Set(studies.sections(study)).subtracting(known)
            let found = (document?.entries ?? []).filter { own.contains($0.key) }
            if found.count > 1 { return (study, found[0]) }
        }
        return nil
    }

    /// The file with what overrides say of a study's own sections.
    private func withOverrides(of sections: [String], _ document: SourceNode?) -> SourceNode? {
        guard var root = document, !sections.isEmpty else { return document }
        let schema = SettingsSchema(trial: [], data: [], evaluations: [], sections: sections)
        // What is wrong with them is said where all overrides are read.
        var unseen = faults
        for (index, override) in faults.overrides.enumerated() {
            guard sections.contains(String(override.prefix { $0 != "=" && $0 != "." })),
                let read = SweepOverride(override, index: index, schema: schema, faults: &unseen)
            else { continue }
            read.apply(to: &root)
        }
        return root
    }

    /// Puts the present key of each setting of the data in the place of the one that it had before.
    private mutating func spellKeysOfToday(in root: inout SourceNode) {
        for descriptor in schema.data {
            guard let former = descriptor.formerKey else { continue }
            var isFound = faults.overrides.contains { $0.hasPrefix("data.\(former)=") }
            func respell(_ sections: inout SourceNode) {
                guard var data = sections["data"], let place = data.place(of: former) else {
                    return
                }
                if data.place(of: descriptor.key) != nil {
                    faults.add(
                        .conflictingKeys(former, descriptor.key, name: "data"), at: data.origin)
                }
                isFound = true
                data.rename(place, to: descriptor.key)
                sections.replace("data", with: data)
            }
            respell(&root)
            if var scales = root["scales"], let names = scales.entries?.map(\.key) {
                for name in names {
                    guard var scale = scales[name] else { continue }
                    respell(&scale)
                    scales.replace(name, with: scale)
                }
                root.replace("scales", with: scales)
            }
            if isFound { spellings.append(.formerKey(former, now: descriptor.key)) }
        }
    }

    private mutating func sections(of root: SourceNode) -> SweepSections {
        SweepSections(
            root, place: "the sweep file", keys: SweepSections.keys + schema.sections,
            schema: schema, faults: &faults)
    }

    /// Lays the chosen scale's sections over those of the file; every scale is checked.
    private mutating func mergeScale(into root: inout SourceNode) -> String? {
        var scales: [SourceNode.Entry] = []
        if let node = root["scales"], !node.isNull {
            if let entries = node.entries {
                scales = entries
            } else {
                faults.add(.notAMap(place: "scales", found: node.excerpt), at: node.origin)
            }
        }
        for scale in scales {
            _ = SweepSections(
                scale.value, place: "scales.\(scale.key)", keys: SweepSections.scaleKeys,
                schema: schema, faults: &faults)
        }
        guard let choice = root["scale"], !choice.isNull else { return nil }
        guard let name = choice.text, let chosen = scales.last(where: { $0.key == name }) else {
            faults.add(
                .unknownName(choice.excerpt, what: "scale", allowed: scales.map(\.key)),
                at: choice.origin)
            return nil
        }
        for section in chosen.value.entries ?? [] {
            if let additions = section.value.entries,
                ["data", "base", "parameters"].contains(section.key),
                var merged = root[section.key], merged.entries != nil
            {
                for addition in additions {
                    layers.addScale(addition.value.origin)
                    layers.addScale(addition.keyOrigin)
                    merged.set(addition.key, to: addition.value, keyOrigin: addition.keyOrigin)
                }
                root.set(section.key, to: merged, keyOrigin: section.keyOrigin)
            } else {
                layers.addScale(section.value.origin)
                for element in section.value.elements ?? [] { layers.addScale(element.origin) }
                root.set(section.key, to: section.value, keyOrigin: section.keyOrigin)
            }
        }
        return name
    }

    /// `-S batch_size=32` sets base, which says nothing about a setting that is swept.
    private mutating func addFaultsOfBareOverrides(
        _ overrides: [SweepOverride], sections: SweepSections
    ) {
        for override in overrides where override.path.count == 2 && override.isBare {
            if sections.parameters.contains(where: { $0.descriptor.key == override.path[1] }) {
                faults.add(.overrideOfParameter(override.path[1]), at: override.origin)
            }
        }
    }

    /// The name that the file gives, or that of the file.
    private mutating func name(from sections: SweepSections) -> String? {
        if let name = sections.name { return name }
        let stem = URL(filePath: faults.fileName).deletingPathExtension().lastPathComponent
        guard SweepNameRule.allows(stem) else {
            faults.add(
                .missing(
                    "name", place: "the sweep file", remedy: "write name: and a folder's name"),
                at: .wholeFile)
            return nil
        }
        return stem
    }

    private func file(
        _ sections: SweepSections, expansion: SweepExpander.Expansion,
        designs: [ResolvedDesign], name: String, scale: String?, text: String,
        origins: SectionOrigins
    ) -> SweepFile {
        let plan = expansion.plan
        let baseline: SweepBaseline? =
            switch sections.baseline?.choice {
            case .settings(let settings): .settings(settings)
            case .label(let label): .label(label)
            case nil: nil
            }
        return SweepFile(
            name: name, summary: sections.summary, scale: scale, data: plan.data,
            base: sections.base,
            parameters: sections.parameters.map(\.parameter),
            seeds: sections.seeds, evaluation: sections.evaluation,
            metrics: sections.metrics, smallestEffects: sections.smallestEffects,
            claims: expansion.claims,
            tuning: expansion.tuning, baseline: baseline,
            designs: designs.map { design in
                // Subsets that no evaluation tells apart have become one.
                var listed = design.design
                if let setting = listed.setting, plan.unread.contains(setting) {
                    listed.hasAllSubsets = false
                }
                return listed
            }, exclusions: sections.exclusions.map(\.excerpt),
            paper: sections.paper?.rows.map(\.row) ?? [], cluster: sections.cluster,
            sourceText: text,
            sourceDigest: Digest(
                of: ([text] + faults.overrides).map { "\($0.utf8.count):\($0)" }.joined()),
            plan: plan, sectionOrigins: origins, fileName: faults.fileName,
            overrides: faults.overrides)
    }
}
