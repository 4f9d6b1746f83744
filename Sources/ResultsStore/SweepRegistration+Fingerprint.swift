import Digests

extension SweepRegistration {
    /// The digest of everything that registering writes: when the store has it already, there is
    /// nothing to write. Reads the digests as the two words that they are; their texts would take
    /// most of the time.
    func fingerprint() -> Digest {
        var hasher = DigestHasher()
        hasher.add(name, sourceText)
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) { hasher.add(name, value) }
        hasher.add([facts.count, parameters.count, rows.count, trials.count, stages.count])
        for parameter in parameters { hasher.add(parameter) }
        // As in earlier versions where there are none.
        for (kind, place) in modelFiles.sorted(by: { $0.key < $1.key }) { hasher.add(kind, place) }
        for row in rows {
            // As in earlier versions where there is no baseline to name.
            hasher.add([row.index, (row.isBaseline ? 1 : 0) + (row.baseline == nil ? 0 : 2)])
            if let baseline = row.baseline { hasher.add([baseline]) }
            hasher.add(row.label, row.settings, row.varied)
        }
        for trial in trials {
            hasher.add([trial.row, trial.seed, trial.stages.count])
            hasher.add([trial.id])
            hasher.add(trial.stages)
        }
        for stage in stages {
            hasher.add([stage.dependencies.count])
            hasher.add([stage.id])
            hasher.add(stage.dependencies)
        }
        return hasher.finalize()
    }
}
