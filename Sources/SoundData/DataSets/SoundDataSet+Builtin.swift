import Digests

extension SoundDataSet {
    /// The synthesised sound events: `clips` of them (600), the classes in turn, each clip a group
    /// of its own, split by class.
    static func loadBuiltin(_ settings: DataSettings) throws -> SoundDataSet {
        let classCount = settings.classes ?? SoundEvents.names.count
        guard (2...SoundEvents.names.count).contains(classCount) else {
            throw SoundDataError.classesOutOfRange(classCount)
        }
        let count = settings.clips ?? 600
        guard (3 * classCount...1_000_000).contains(count) else {
            throw SoundDataError.clipsOutOfRange(count, classes: classCount)
        }
        var clips: [Clip] = []
        for category in 0..<classCount {
            let name = SoundEvents.names[category]
            let variants = (count - category + classCount - 1) / classCount
            for variant in 0..<variants {
                let event = SoundEvents.Event(
                    category: category, variant: variant, seed: settings.seed)
                let digits = String(variant)
                let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                let identifier = "\(name)/\(number)"
                var clip = Clip(
                    identifier: identifier, label: category, split: .training, group: identifier,
                    source: .synthetic(class: category, variant: variant, seed: settings.seed),
                    seconds: SoundEvents.seconds(of: event))
                clip.content =
                    "built-in sound event \(SoundEvents.version) \(variant) \(settings.seed)\n"
                clips.append(clip)
            }
        }
        let splits = SplitAssignment.draw(
            labels: clips.map(\.label), groups: clips.map(\.group),
            validationFraction: settings.validationFraction, testFraction: settings.testFraction,
            seed: settings.seed)
        for index in clips.indices { clips[index].split = splits[index] }
        var hasher = DigestHasher()
        hasher.update("built-in sound events \(SoundEvents.version)\n")
        hasher.update("classes \(classCount) recordings \(count) seed \(settings.seed)\n")
        for clip in clips { hasher.update("\(clip.identifier) \(clip.split.rawValue)\n") }
        return SoundDataSet(
            name: "built-in sound events", classes: Array(SoundEvents.names.prefix(classCount)),
            clips: clips, leftOut: [], digest: hasher.finalize(), isSynthetic: true,
            isSpatial: false)
    }
}
