public import Studies

extension ProgramStudy: StudyWithStarter {
    public func starters(for wish: StarterWish) throws -> [StarterFile] {
        if let name = wish.vary.first { throw CommandStudyError.nothingToVary(name) }
        let program = wish.name + ".sh"
        return [
            StarterFile(
                """
                # A study of a program of yours: docs/own-trainer.md is the whole contract.
                # 'ablate plan' checks this file, 'ablate run' runs it.
                name: \(wish.name)
                description: What does a setting of the program change?
                study: command

                # What computes a trial: it reads the file that ABLATE_TRIAL names, or other variables, and writes figures.json.
                command: [sh, \(program)]
                inputs: [\(program)]          # their content names the results: edited, all is computed anew

                # What the program understands.
                settings:
                  size: {kind: integer, minimum: 1, default: 1}

                # What it measures.
                figures:
                  points: {better: higher}

                resources: {threads: 1, time: 10m}

                # What varies: every combination becomes a row.
                parameters:
                  size: [1, 2, 3]

                # Each row with each of these, so that differences are paired.
                seeds: [0, 1, 2]

                # What the others are compared with.
                baseline: {size: 1}

                """,
                companions: [
                    program: """
                    # A trial of \(wish.name): its settings and its seed come in variables.
                    echo "size $ABLATE_SETTING_SIZE, seed $ABLATE_SEED"
                    echo "{\\"points\\": $((10 * ABLATE_SETTING_SIZE + ABLATE_SEED))}" > "$ABLATE_OUTPUT/figures.json"

                    """
                ])
        ]
    }
}
