/// Words that people bring from other tools to every kind of sweep file, and what is said here instead.
enum WordsFromElsewhere {
    /// What to write in the place of a key, as the end of a sentence; nil for a word that is just wrong.
    static func advice(on key: String) -> String? {
        advice[key.lowercased().replacing("-", with: "_")]
    }

    private static let advice: [String: String] = {
        var advice: [String: String] = [:]
        func say(_ keys: [String], _ text: String) {
            for key in keys { advice[key] = text }
        }
        say(
            [
                "seed", "random_seed", "random_state", "n_seeds", "num_seeds", "repeats",
                "repetitions",
            ],
            "the seeds of all rows are a key of the file itself: seeds: [0, 1, 2], or how many: seeds: 5"
        )
        say(
            ["method", "strategy", "sampler", "search"],
            "how values become rows is called design: grid, leave_one_out, random, ...")
        say(
            ["metric", "objective", "goal", "direction"],
            "the figures of merit are called metrics, a list of names; of each it is known which way is "
                + "better")
        say(
            ["n_trials", "num_trials", "trials", "run_cap", "num_samples", "count"],
            "a random design says how many rows it has: design: {kind: random, points: 20}")
        say(
            ["defaults", "hydra", "config"],
            "a sweep is one file; values for another size of it are a section of scales")
        say(
            ["program", "script", "entrypoint"],
            "a program of your own is named by command, beside study: command")
        say(
            ["early_terminate", "early_stopping", "pruner", "scheduler", "patience"],
            "every row runs to its end with every seed, or it could not be compared")
        say(
            ["num_workers", "n_jobs", "jobs", "workers", "parallel"],
            "workers are an option of the command: run FILE -j 4")
        say(
            ["device", "gpu", "gpus", "cuda"],
            "graphics cards are an option of the command: run FILE --gpus 0,1")
        say(
            ["tags", "notes", "title", "project", "entity", "group"],
            "the file has a name and a description")
        return advice
    }()

    /// What to write in the place of a distribution of another tool, as the end of a sentence.
    static func advice(onDistribution name: String) -> String? {
        switch name.lowercased() {
        case "log_uniform", "q_log_uniform":
            "its ends are exponents elsewhere; write log_uniform_values, whose min and max are values"
        case "loguniform", "log", "reciprocal", "q_log_uniform_values", "inv_log_uniform_values":
            "write log_uniform_values; what must be a whole number is one"
        case "int_uniform", "q_uniform", "quniform", "randint", "int":
            "write uniform; what must be a whole number is one"
        case "constant", "categorical", "choice":
            "write values: [...] in the place of min and max"
        case "normal", "q_normal", "log_normal", "q_log_normal":
            "numbers are drawn between a min and a max alone: write uniform or log_uniform_values"
        default: nil
        }
    }
}
