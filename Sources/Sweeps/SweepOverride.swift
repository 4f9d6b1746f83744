/// One `-S key=value`: a path into the sweep file, and what to put there.
struct SweepOverride {
    var path: [String]
    var value: SourceNode
    var origin: Origin
    /// Whether it names a trial's setting without saying `base`.
    private(set) var isBare = false

    /// Reads the `index`-th override; nil when a fault was added.
    ///
    /// A path starts with a key of the file, or is a trial's setting, which stands for `base`.
    init?(_ text: String, index: Int, schema: SettingsSchema, faults: inout FaultList) {
        origin = .override(index)
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            faults.add(.overrideWithoutEquals, at: origin)
            return nil
        }
        let name = text[..<equals].trimmingPrefix { $0 == " " }
        path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if path[0] == "data", let former = path.dropFirst().first,
            let renamed = schema.data.first(where: { $0.formerKey == former })
        {
            path[1] = renamed.key
        }
        let valueText = String(text[text.index(after: equals)...])
        if let verbatim = Self.verbatim(valueText, path: path, index: index, schema: schema) {
            value = verbatim
        } else {
            guard
                let read = YAMLReader.readOverride(valueText, index: index, faults: &faults)
            else { return nil }
            value = read
        }
        let trialKeys = schema.trial.map(\.key)
        let dataKeys = schema.data.map(\.key)
        if (SweepSections.keys + schema.sections).contains(path[0]) { return }
        if trialKeys.contains(path[0]) {
            path.insert("base", at: 0)
            isBare = true
            return
        }
        let joined = path.joined(separator: ".")
        if path.count == 1 || path[0] == "base" || path[0] == "parameters",
            let advice = schema.advice(on: path[path.count - 1])
        {
            faults.add(.foreignWord(joined, place: "what -S can set", advice: advice), at: origin)
            return nil
        }
        let allowed =
            dataKeys.contains(path[0])
            ? ["data." + joined]
            : SweepSections.keys + schema.sections + trialKeys + dataKeys.map { "data." + $0 }
        faults.add(
            .overridePath(
                joined, allowed: allowed, meant: allowed.count == 1 ? allowed[0] : nil),
            at: origin)
        return nil
    }

    /// The value of a text setting: as it was typed, since a path may have any character. Nil for
    /// other settings, for what is in quotes, and for an empty value or `~`.
    private static func verbatim(
        _ text: String, path: [String], index: Int, schema: SettingsSchema
    ) -> SourceNode? {
        guard isText(path, schema: schema), !["", "~", "null"].contains(text) else { return nil }
        let node = SourceNode(content: .scalar(text, isPlain: false), origin: .override(index))
        if path.last == "baseline", text.drop(while: { $0 == " " }).hasPrefix("{") { return nil }
        guard let quote = text.first, ["\"", "'"].contains(quote), text.count > 1,
            text.last == quote
        else { return node }
        // What only begins and ends like a quoted text is not one.
        var attempt = FaultList(fileName: "", overrides: [])
        let read = YAMLReader.readOverride(text, index: index, faults: &attempt)
        return attempt.isEmpty && read?.text != nil ? nil : node
    }

    /// Whether a path leads to a text: `data.path`, `name`, a baseline's label.
    private static func isText(_ path: [String], schema: SettingsSchema) -> Bool {
        var path = path[...]
        if path.count > 2, path.first == "scales" { path = path.dropFirst(2) }
        if path.count == 1 { return ["name", "description", "baseline"].contains(path.first) }
        func isText(_ descriptors: [SettingDescriptor]) -> Bool {
            descriptors.contains { descriptor in
                guard descriptor.key == path.last, case .text = descriptor.kind else {
                    return false
                }
                return true
            }
        }
        guard path.count == 2 else { return false }
        return path.first == "data" && isText(schema.data)
            || path.first == "base" && isText(schema.trial)
    }

    /// Whether it says which scale, or what a scale is.
    var concernsScales: Bool { path[0] == "scale" || path[0] == "scales" }

    /// Puts the value into the document.
    func apply(to root: inout SourceNode) {
        if path.count == 3, path[0] == "parameters", ["values", "value"].contains(path[2]) {
            // {values: [...]} in the place of a plain list or of {value: x}.
            var spelling = SourceNode.map([], at: origin)
            spelling.set(path[2], to: value, keyOrigin: origin)
            root = setting(path.prefix(2), to: spelling, in: root)
        } else {
            root = setting(path[...], to: value, in: root)
        }
    }

    private func setting(
        _ path: ArraySlice<String>, to value: SourceNode, in node: SourceNode?
    ) -> SourceNode {
        guard let key = path.first else { return value }
        if var elements = node?.elements, let index = Int(key), elements.indices.contains(index) {
            elements[index] = setting(path.dropFirst(), to: value, in: elements[index])
            return SourceNode(content: .list(elements), origin: node?.origin ?? origin)
        }
        var map = node?.entries == nil ? SourceNode.map([], at: origin) : node ?? value
        map.set(key, to: setting(path.dropFirst(), to: value, in: map[key]), keyOrigin: origin)
        return map
    }
}
