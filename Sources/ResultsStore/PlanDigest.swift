package import Digests

/// The digest of what a plan computes and compares: for each row its seeds and the stages behind
/// them, and which rows are the baseline.
///
/// Stages are named by content (settings, data, version of the algorithm), so neither a folder's
/// name nor a description, label or order of rows makes another plan, and changed data do.
struct PlanDigest {
    private struct RowContent {
        var isBaseline: Bool
        var trials: [(seed: Int, stages: [Digest])] = []
    }

    /// By the position of the row.
    private var rows: [Int: RowContent] = [:]

    mutating func addRow(_ position: Int, isBaseline: Bool) {
        rows[position] = RowContent(isBaseline: isBaseline)
    }

    mutating func addTrial(row: Int, seed: Int, stages: [Digest]) {
        rows[row]?.trials.append((seed, stages.sorted()))
    }

    consuming func finalize() -> Digest {
        let digests = rows.values.map { row in
            var hasher = DigestHasher()
            hasher.add([row.isBaseline ? 1 : 0, row.trials.count])
            let trials = row.trials.sorted { left, right in
                left.seed != right.seed
                    ? left.seed < right.seed : left.stages.lexicographicallyPrecedes(right.stages)
            }
            for trial in trials {
                hasher.add([trial.seed, trial.stages.count])
                hasher.add(trial.stages)
            }
            return hasher.finalize()
        }.sorted()
        var hasher = DigestHasher()
        hasher.add(digests)
        return hasher.finalize()
    }
}

extension SweepRegistration {
    /// Equal for equal plans; see ``PlanDigest``.
    package func planDigest() -> Digest {
        var plan = PlanDigest()
        for row in rows { plan.addRow(row.index, isBaseline: row.isBaseline) }
        for trial in trials {
            plan.addTrial(row: trial.row, seed: trial.seed, stages: trial.stages)
        }
        return plan.finalize()
    }
}
