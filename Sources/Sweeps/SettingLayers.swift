/// Which word was the last: the file's, its scale's, or that of an override.
///
/// What nothing reads is a fault where it was the last word. Where a scale or an override came later,
/// it is what was meant for other scales, or without that override.
struct SettingLayers {
    private var ofScale: Set<Origin> = []

    /// Notes that what is at `origin` was laid over the file.
    mutating func addScale(_ origin: Origin) { ofScale.insert(origin) }

    /// 0 for the file, 1 for its scale, 2 for an override; the file's where nothing is given.
    func layer(of origin: Origin?) -> Int {
        switch origin {
        case .override: 2
        case let origin?: ofScale.contains(origin) ? 1 : 0
        case nil: 0
        }
    }

    /// The last word on which rows there are.
    func ofRows(_ sections: SweepSections) -> Int {
        let origins =
            Array(sections.baseOrigins.values) + sections.parameters.map(\.origin)
            + sections.designs.map(\.origin)
        return origins.map { layer(of: $0) }.max() ?? 0
    }
}

extension SweepReader {
    /// Settings of the data that its source does not read.
    mutating func addFaultsOfUnreadData(_ sections: SweepSections) {
        let complete = schema.completeData(sections.data)
        for descriptor in schema.data {
            guard let value = sections.data[descriptor.key], value != .null,
                let applies = descriptor.appliesWhen, !applies(complete)
            else { continue }
            // The choices that would make it count, such as data.source.
            var (chosen, reading): ([String], [String]) = ([], [])
            var layer = 0
            for choice in schema.data {
                guard case .choice(let options) = choice.kind else { continue }
                let fitting = options.filter { option in
                    applies(complete.merging([choice.key: .text(option)]) { $1 })
                }
                guard !fitting.isEmpty else { continue }
                let name = "data.\(choice.key): "
                chosen.append(name + (complete[choice.key]?.description ?? ""))
                reading.append(name + fitting.joined(separator: ", "))
                layer = max(layer, layers.layer(of: sections.dataOrigins[choice.key]))
            }
            let origin = sections.dataOrigins[descriptor.key] ?? .wholeFile
            guard layers.layer(of: origin) >= layer else { continue }
            faults.add(
                .dataNotRead(
                    key: "data.\(descriptor.key)", found: value.description, chosen: chosen,
                    reading: reading),
                at: origin)
        }
    }
}
