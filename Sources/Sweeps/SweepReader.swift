import Digests
import Foundation

/// Puts a sweep file together: text, scale, overrides, sections, rows.
struct SweepReader {
    let schema: SettingsSchema
    var faults: FaultList

    /// The file, or nil; it is to be used only when no fault was added.
    mutating func read(_ text: String) -> SweepFile? {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let document = YAMLReader.read(text, faults: &faults)
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
        // What the file says is checked whole, the parts that a scale or an override replaces too.
        _ = sections(of: root)
        for override in overrides where override.concernsScales { override.apply(to: &root) }
        let scale = mergeScale(into: &root)
        for override in overrides where !override.concernsScales { override.apply(to: &root) }
        let sections = sections(of: root)
        addFaultsOfBareOverrides(overrides, sections: sections)
        guard faults.isEmpty, let name = name(from: sections) else { return nil }
        return file(sections, name: name, scale: scale, text: text)
    }

    private mutating func sections(of root: SourceNode) -> SweepSections {
        SweepSections(
            root, place: "the sweep file", keys: SweepSections.keys, schema: schema,
            faults: &faults)
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
                    merged.set(addition.key, to: addition.value, keyOrigin: addition.keyOrigin)
                }
                root.set(section.key, to: merged, keyOrigin: section.keyOrigin)
            } else {
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
        guard SweepSections.isUsable(name: stem) else {
            faults.add(
                .missing(
                    "name", place: "the sweep file", remedy: "write name: and a folder's name"),
                at: .wholeFile)
            return nil
        }
        return stem
    }

    private mutating func file(
        _ sections: SweepSections, name: String, scale: String?, text: String
    ) -> SweepFile? {
        let data = schema.completeData(sections.data)
        guard let plan = SweepExpander.plan(sections, data: data, schema: schema, faults: &faults)
        else { return nil }
        let baseline: SweepBaseline? =
            switch sections.baseline?.choice {
            case .settings(let settings): .settings(settings)
            case .label(let label): .label(label)
            case nil: nil
            }
        return SweepFile(
            name: name, summary: sections.summary, scale: scale, data: data, base: sections.base,
            parameters: sections.parameters.map {
                SweepParameter(key: $0.descriptor.key, values: $0.candidates.map(\.value))
            },
            seeds: sections.seeds, evaluation: sections.evaluation, baseline: baseline,
            sourceText: text,
            sourceDigest: Digest(
                of: ([text] + faults.overrides).map { "\($0.utf8.count):\($0)" }.joined()),
            plan: plan)
    }
}
