import Digests

extension SweepRegistration {
    /// The digest of everything that registering writes: when the store has it already, there is
    /// nothing to write. Reads the digests as the two words that they are; their texts would take
    /// most of the time.
    func fingerprint() -> Digest {
        var hasher = DigestHasher()
        func add(_ texts: String...) {
            for text in texts {
                add([text.utf8.count])
                hasher.update(text)
            }
        }
        func add(_ numbers: [Int]) { numbers.withUnsafeBytes { hasher.update($0) } }
        func add(_ digests: [Digest]) { digests.withUnsafeBytes { hasher.update($0) } }
        add(name, sourceText)
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) { add(name, value) }
        add([facts.count, parameters.count, rows.count, trials.count, stages.count])
        for parameter in parameters { add(parameter) }
        for row in rows {
            // As in earlier versions where there is no baseline to name.
            add([row.index, (row.isBaseline ? 1 : 0) + (row.baseline == nil ? 0 : 2)])
            if let baseline = row.baseline { add([baseline]) }
            add(row.label, row.settings, row.varied)
        }
        for trial in trials {
            add([trial.row, trial.seed, trial.stages.count])
            add([trial.id])
            add(trial.stages)
        }
        for stage in stages {
            add([stage.dependencies.count])
            add([stage.id])
            add(stage.dependencies)
        }
        return hasher.finalize()
    }
}
