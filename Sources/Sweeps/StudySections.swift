/// The studies that a sweep file may name.
public struct SweepStudies {
    public let names: [String]
    let sections: (String?) -> [String]
    let schema: (String?, inout StudySections) -> SettingsSchema

    /// - Parameters:
    ///   - sections: the keys of a file that belong to the study of that name, or to that of files that
    ///     name none.
    ///   - schema: what a file of that study may say, given those sections.
    public init(
        names: [String], sections: @escaping (String?) -> [String] = { _ in [] },
        schema: @escaping (String?, inout StudySections) -> SettingsSchema
    ) {
        self.names = names
        self.sections = sections
        self.schema = schema
    }
}

/// What a sweep file says of its study, beside what every file may say: each fault is noted with its
/// place.
public struct StudySections {
    private let root: SourceNode?
    var faults: FaultList

    init(root: SourceNode?, faults: FaultList) {
        self.root = root
        self.faults = faults
    }

    /// How many faults were noted so far: what follows from one is no further fault.
    public var faultCount: Int { faults.count }

    /// Whether the file has a section.
    public func has(_ section: String) -> Bool { node(section) != nil }

    private func node(_ section: String) -> SourceNode? {
        guard let node = root?[section], !node.isNull else { return nil }
        return node
    }

    /// A section's value in canonical form; nil where there is none, or one that does not fit.
    public mutating func value(_ section: String, as kind: SettingKind) -> SettingValue? {
        guard let node = node(section) else { return nil }
        return SettingChecker.value(of: node, as: kind, name: section, faults: &faults)
    }

    /// The settings that a section gives, each checked by itself; those not given, and those that do not fit, are
    /// not there.
    public mutating func settings(
        _ section: String, of descriptors: [SettingDescriptor]
    ) -> [String: SettingValue] {
        guard let node = node(section) else { return [:] }
        return SettingChecker.settings(
            of: node, descriptors, place: section, path: section + ".", faults: &faults)
    }

    /// The entries of a section that names things itself, in the order of the file; what an entry does
    /// not say is not there, and what it says wrongly is null.
    public mutating func entries(
        _ section: String, of descriptors: [SettingDescriptor]
    ) -> [(name: String, values: [String: SettingValue])] {
        guard let node = node(section) else { return [] }
        guard let entries = node.entries else {
            faults.add(.notAMap(place: section, found: node.excerpt), at: node.origin)
            return []
        }
        return entries.map { entry in
            let path = "\(section).\(entry.key)"
            var values = SettingChecker.settings(
                of: entry.value, descriptors, place: path, path: path + ".", faults: &faults)
            for inner in entry.value.entries ?? [] where values[inner.key] == nil {
                values[inner.key] = .null
            }
            return (entry.key, values)
        }
    }

    /// The entries of a section that names things itself, each with one value, in the order of the file; an
    /// entry whose value does not fit is left out.
    public mutating func entries(
        _ section: String, as kind: SettingKind
    ) -> [(name: String, value: SettingValue)] {
        guard let node = node(section) else { return [] }
        guard let entries = node.entries else {
            faults.add(.notAMap(place: section, found: node.excerpt), at: node.origin)
            return []
        }
        return entries.compactMap { entry in
            SettingChecker.value(
                of: entry.value, as: kind, name: "\(section).\(entry.key)", faults: &faults
            ).map { (entry.key, $0) }
        }
    }

    /// A value of an entry by a kind that is known only now; nil where it is not given or does not fit.
    public mutating func value(
        _ key: String, ofEntry name: String, in section: String, as kind: SettingKind,
        unit: String? = nil
    ) -> SettingValue? {
        guard let node = node(section)?[name]?[key] else { return nil }
        return SettingChecker.value(
            of: node, as: kind, name: "\(section).\(name).\(key)", unit: unit, faults: &faults)
    }

    /// Notes a fault at a section, at an entry of it, or at a key of that.
    public mutating func fault(
        _ message: String, in section: String, entry: String? = nil, key: String? = nil
    ) {
        var found = node(section)
        if let entry, let inner = found?[entry] {
            found = inner
            if let key, let innermost = inner[key] { found = innermost }
        }
        faults.add(.conflict(message), at: found?.origin ?? .wholeFile)
    }
}
