import Digests
import Reports
import ResultsStore
import Sweeps

/// A claim of a sweep as the store keeps it.
struct RegisteredClaim: Codable, Sendable, Hashable {
    var claim: SweepClaim
    /// By the names of the figures that it is about: what tells this comparison from others
    /// (``PlannedClaim/id``).
    var comparisons: [String: String]
}

extension SweepClaim {
    /// The figures that it is about: its own, else those of the sweep that all of its evaluations leave. Those of
    /// which nothing says what is better are none.
    func figures(_ study: any Study, ofSweep names: [String]) -> [FigureDefinition] {
        let evaluations = sides.compactMap { side in
            study.allEvaluations.first { $0.stage == side.evaluation }
        }
        return (metrics.isEmpty ? names : metrics).compactMap(study.figure).filter { figure in
            figure.better != nil
                && (!metrics.isEmpty || evaluations.allSatisfy { $0.leaves(figure) })
        }
    }
}

extension SweepSession {
    /// What the file claims, with the figures that each claim is about.
    var claims: [RegisteredClaim] {
        let figures = file.metrics.isEmpty ? study.defaultFigures : file.metrics
        return file.claims.map { claim in
            let sides = claim.sides.map(content).joined(separator: "\n")
            return RegisteredClaim(
                claim: claim,
                comparisons: Dictionary(
                    claim.figures(study, ofSweep: figures).map {
                        ($0.name, Digest(of: "\(sides)\n\($0.name)").description)
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Throws: `SectionFault` for a claim whose sides are computed once for both, and for one that no seed changes.
    func checkClaims() throws {
        for claim in file.claims {
            func refuse(_ error: StudiesError) throws {
                throw SectionFault("\(error)", section: "claims", entry: claim.text)
            }
            for contrast in claim.contrasts
            where content(contrast.better) == content(contrast.than) {
                try refuse(
                    .claimOfOneFigure(
                        claim: claim.text, evaluation: contrast.better.evaluation,
                        rows: [contrast.better.row, contrast.than.row]))
            }
            if !claim.sides.contains(where: usesSeed) {
                try refuse(
                    .claimWithoutSeeds(
                        claim: claim.text, evaluations: claim.sides.map(\.evaluation)))
            }
        }
    }

    /// The comparisons that the store is told of.
    var plannedClaims: [PlannedClaim] {
        claims.flatMap { registered in
            let rows = Set(registered.claim.sides.compactMap { row($0)?.index }).sorted()
            return registered.comparisons.values.sorted().map { PlannedClaim(id: $0, rows: rows) }
        }
    }

    private func usesSeed(_ side: SweepClaim.Side) -> Bool {
        guard let row = row(side), let stage = study.stage(side.evaluation) else { return true }
        return stage.usesSeed(with: row.settings)
    }

    private func row(_ side: SweepClaim.Side) -> SweepRow? {
        plan.rows.first { $0.label == side.row }
    }

    /// What a side's figures are of: a stage's digest, which stands for all that they depend on. Of several seeds
    /// the smallest, whatever their order in the file.
    private func content(_ side: SweepClaim.Side) -> String {
        let row = row(side)
        let trial = stages.trials.filter { $0.row == row?.index }.min { $0.seed < $1.seed }
        let stage = trial?.stages.first { stages[$0]?.kind == side.evaluation }
        return stage?.description ?? "\(side.evaluation) \(side.row)"
    }
}
