import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import StudyConformance
import Sweeps
import TestSupport
import Testing

/// What a program is given, and what is made of what it leaves.
@Suite("Programs as a study")
struct ProgramContractTests {
    static let sweep = """
        name: programs
        study: command
        command: [sh, train.sh, "{size}", "{{x}}"]
        settings:
          size: {kind: integer, minimum: 1, default: 2}
          parts: {kind: subset, options: [flip, crop], default: [flip]}
        figures:
          points: {unit: "%", better: higher}
          loss: {better: lower, decimals: 2, shown: false}
        inputs: [train.sh]
        resources: {threads: 3, memory: 2 MB}
        parameters: {size: [1, 2]}
        baseline: {size: 1}
        seeds: [4, 5]
        """

    /// Writes what it was given, and figures that follow from it.
    static let train = """
        echo "words $1 $2"
        cp "$ABLATE_TRIAL" "given-$1-$ABLATE_SEED.json"
        env | grep -E '^(ABLATE|OMP|MKL)_' | sort > "variables-$1-$ABLATE_SEED"
        echo "{\\"step\\": 1, \\"loss\\": 2}" > "$ABLATE_OUTPUT/curves.jsonl"
        echo "no object" >> "$ABLATE_OUTPUT/curves.jsonl"
        echo "{\\"step\\": 2, \\"loss\\": 1.5}" >> "$ABLATE_OUTPUT/curves.jsonl"
        printf 'item,group,split,points\\na,1,test,1\\nb,1,test,0\\nc,2,train,0\\nd,2,test,1\\n' \\
          > "$ABLATE_OUTPUT/predictions.csv"
        echo "{\\"points\\": 66.66667, \\"loss\\": $ABLATE_SEED}" > "$ABLATE_OUTPUT/figures.json"
        """

    @Test("programs keep what a study promises")
    func conformance() throws {
        let sweep = try ProgramSweep([
            "pre.sh":
                "mkdir $ABLATE_OUTPUT/encoder; echo $ABLATE_SETTING_SIZE > $ABLATE_OUTPUT/encoder/size",
            "score.sh": "echo '{\"points\": '$(cat $1/size)'}' > $ABLATE_OUTPUT/figures.json",
        ])
        let session = try sweep.session(
            """
            name: promises
            study: command
            settings: {size: {kind: integer, default: 1}}
            figures: {points: {better: higher}}
            stages:
              pretrain: {command: [sh, pre.sh], settings: [size], leaves: encoder}
              score: {needs: pretrain, command: [sh, score.sh, "{needs.pretrain}"], settings: []}
            inputs: [pre.sh, score.sh]
            parameters: {size: [1, 2]}
            seeds: 2
            """)
        let trials = sweep.folder.url.appending(path: "trials")
        let violations = try StudyConformance(session, in: trials).violations()
        #expect(violations == [])
    }

    @Test("are given settings, seed, output and threads: as a file, as variables, in their words")
    func given() throws {
        let sweep = try ProgramSweep(["train.sh": Self.train])
        let outcome = try sweep.run(Self.sweep)
        #expect(outcome.summary.trialsFinished == 4)
        let text = Data(try sweep.read("given-2-5.json").utf8)
        let trial = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
        #expect(trial["seed"] as? Int == 5 && trial["threads"] as? Int == 3)
        #expect(trial["memory_bytes"] as? Int == 2_000_000)
        let settings = try #require(trial["settings"] as? [String: Any])
        #expect(settings["size"] as? Int == 2 && settings["parts"] as? [String] == ["flip"])
        let variables = try sweep.read("variables-1-4")
        for line in [
            "ABLATE_SEED=4", "ABLATE_SETTING_PARTS=flip", "ABLATE_SETTING_SIZE=1",
            "ABLATE_STAGE=run", "MKL_NUM_THREADS=3", "OMP_NUM_THREADS=3",
        ] {
            #expect(variables.contains(line + "\n"), "\(line)")
        }
        let trials = try outcome.store.trials(of: "programs")
        let stage = try #require(outcome.store.stages(ofTrial: trials[0].digest).first)
        let log = try outcome.store.log(of: stage)
        #expect(log.contains("words 1 {x}"))
        #expect(log.contains("curves.jsonl:2: left out"))
        #expect(try outcome.store.curves(of: stage)["loss"]?.map(\.value) == [2, 1.5])
    }

    @Test("leave figures with units, hidden ones among them, and predictions with intervals")
    func figures() throws {
        let sweep = try ProgramSweep(["train.sh": Self.train])
        let outcome = try sweep.run(Self.sweep)
        #expect(outcome.table.columns.map(\.key).filter { $0 == "loss" } == [])
        let store = StudyStore(outcome.store, sweep.catalogue)
        let asked = try SweepTable.make(
            "programs", from: store, options: TableOptions(metrics: ["loss"]))
        #expect(TableFormat.markdown.text(of: asked).contains("4.50 ± 0.71"))
        let clips = try SweepTable.clips("programs", from: store)
        #expect(clips.notes.contains { $0.contains("3 predictions on 3 items in 2 groups") })
    }

    @Test("a figure that is no mean over items has no interval, and the table says so")
    func noMean() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo '{"points": 50, "loss": 0.7}' > "$ABLATE_OUTPUT/figures.json"
            printf 'item,points,loss\\na,1,0.5\\nb,0,1\\n' > "$ABLATE_OUTPUT/predictions.csv"
            """
        ])
        let outcome = try sweep.run(Self.sweep)
        let store = StudyStore(outcome.store, sweep.catalogue)
        func notes(_ metrics: [String]) throws -> [String] {
            try SweepTable.clips("programs", from: store, metrics: metrics).notes
        }
        let reason =
            "loss: no interval, since it is no mean of what the predictions say of each item."
        #expect(try notes(["points", "loss"]).contains(reason))
        #expect(try notes(["loss"]).contains(reason))
        #expect(try !notes(["points"]).contains { $0.contains("no interval") })
        // Where no figure has one there is nothing to explain.
        #expect(try notes(["points"]).contains { $0.hasPrefix("[ ]: ") })
        let stage = try #require(outcome.store.trials(of: "programs").first?.digest)
        let logs = try outcome.store.stages(ofTrial: stage).map { try outcome.store.log(of: $0) }
        #expect(
            logs.joined().contains(
                "loss is 0.7 in figures.json, but 0.75 on average over predictions.csv"))
    }

    @Test("where no figure has an interval, no interval is explained")
    func noInterval() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo '{"points": 5, "loss": 0.7}' > "$ABLATE_OUTPUT/figures.json"
            printf 'item,points,loss\\na,1,0.5\\nb,0,1\\n' > "$ABLATE_OUTPUT/predictions.csv"
            """
        ])
        let store = StudyStore(try sweep.run(Self.sweep).store, sweep.catalogue)
        let notes = try SweepTable.clips("programs", from: store).notes
        #expect(notes.contains { $0.hasPrefix("points: no interval") }, "\(notes)")
        #expect(!notes.contains { $0.hasPrefix("[ ]: ") })
    }

    @Test("a figure that is named later comes from the items, and nothing is run again")
    func laterFigures() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo '{"points": 50, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            printf 'item,points,word,f1\\na,1,x,0.5\\nb,0,y,1\\n' > "$ABLATE_OUTPUT/predictions.csv"
            """
        ])
        #expect(try sweep.run(Self.sweep).summary.trialsFinished == 4)
        let named = Self.sweep.replacing("figures:\n", with: "figures:\n  f1: {decimals: 2}\n")
        let later = try sweep.run(named)
        #expect(later.summary.stagesRun == 0)
        let text = TableFormat.markdown.text(of: later.table)
        #expect(text.contains("0.75 ± 0.00"), "\(text)")
    }

    @Test("shares of items, all wrong or named later, have the interval of their unit")
    func shares() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo '{"points": 0, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            (echo item,points,hit
             for i in $(seq 50); do echo $i,0,1; done) > "$ABLATE_OUTPUT/predictions.csv"
            """
        ])
        _ = try sweep.run(Self.sweep)
        let later = try sweep.run(
            Self.sweep.replacing(
                "figures:\n", with: "figures:\n  hit: {unit: \"%\", better: higher}\n"))
        #expect(later.summary.stagesRun == 0)
        let table = try SweepTable.clips(
            "programs", from: StudyStore(later.store, sweep.catalogue), metrics: ["points", "hit"])
        let markdown = TableFormat.markdown.text(of: table)
        // Wilson's interval of none and of all of 50: t^2 / (50 + t^2) with t(49) = 2.0096.
        #expect(
            markdown.contains(#"0.0 \[0.0, 7.5\]"#) && markdown.contains(#"100.0 \[92.5, 100.0\]"#),
            "\(markdown)"
        )
    }

    @Test("are run again when a program or a setting changes, and not otherwise")
    func digests() throws {
        let sweep = try ProgramSweep(["train.sh": Self.train, "other.txt": "x"])
        #expect(try sweep.run(Self.sweep).summary.stagesRun == 4)
        try sweep.write("other.txt", "y")
        #expect(try sweep.run(Self.sweep).summary.stagesRun == 0)
        #expect(try sweep.run(Self.sweep, ["resources.threads=1"]).summary.stagesRun == 0)
        #expect(try sweep.run(Self.sweep, ["base.parts=[crop]"]).summary.stagesRun == 4)
        try sweep.write("train.sh", Self.train + "\n# changed\n")
        #expect(try sweep.run(Self.sweep).summary.stagesRun == 4)
        let named = Self.sweep + "\nenvironment: [cat, other.txt]\n"
        #expect(try sweep.run(named).summary.stagesRun == 4)
        try sweep.write("other.txt", "z")
        #expect(try sweep.run(named).summary.stagesRun == 4)
    }

    @Test("share stages, read what these leave, and stand beside references")
    func stages() throws {
        let text = """
            name: staged
            study: command
            stages:
              pretrain: {command: [sh, pre.sh], settings: [size], leaves: encoder}
              probe:
                needs: pretrain
                command: [sh, probe.sh, "{needs.pretrain}", "{bonus}"]
                settings: [bonus]
            references:
              chance:
                command: [sh, -c, 'echo "{{\\"points\\": 5}}" > {output}/figures.json']
                seeds: false
                label: by chance
            settings:
              size: {kind: integer, default: 1}
              bonus: {kind: integer, default: 0}
            figures: {points: {better: higher}}
            inputs: [pre.sh, probe.sh]
            parameters: {size: [1, 2], bonus: [0, 3]}
            baseline: {size: 1, bonus: 0}
            seeds: 2
            """
        let sweep = try ProgramSweep([
            "pre.sh": """
            mkdir "$ABLATE_OUTPUT/encoder"
            echo "$ABLATE_SETTING_SIZE $ABLATE_SEED" > "$ABLATE_OUTPUT/encoder/w"
            """,
            "probe.sh": """
            read size seed < "$1/w"
            echo "{\\"points\\": $((10 * size + seed + $2))}" > "$ABLATE_OUTPUT/figures.json"
            """,
        ])
        let outcome = try sweep.run(text)
        // Two sizes x two seeds are pretrained once for both bonuses; chance runs once for all.
        #expect(outcome.summary.stagesRun == 4 + 8 + 1)
        let printed = TableFormat.markdown.text(of: outcome.table)
        #expect(printed.contains("23.5 ± 0.7"), "20 + 3 + the mean seed: \(printed)")
        #expect(outcome.table.rows.last?.label == "by chance")
        for file in sweep.layout.cachedFiles() {
            try FileManager.default.removeItem(at: file.file)
        }
        let more = try sweep.run(text, ["base.bonus=0", "seeds=3"]).summary
        #expect(more.stagesRun == 2 + 4 && more.stagesRebuilt == 0)
    }

    @Test("go on from what they kept, when they were stopped")
    func resumed() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            if [ -f "$ABLATE_OUTPUT/kept" ]; then
              echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            else
              touch "$ABLATE_OUTPUT/kept" started
              sleep 60
            fi
            """
        ])
        let folder = sweep.folder.url
        let stopped = try sweep.run(Self.sweep, ["seeds=[0]", "parameters.size=[1]"]) { run in
            while !FileManager.default.fileExists(atPath: folder.appending(path: "started").path) {
                usleep(10_000)
            }
            run.cancel()
        }
        #expect(stopped.summary.isCancelled && stopped.summary.trialsFinished == 0)
        #expect(stopped.summary.seconds < 20)
        let resumed = try sweep.run(Self.sweep, ["seeds=[0]", "parameters.size=[1]"])
        #expect(resumed.summary.trialsFinished == 1)
    }

    @Test("see the graphics cards that they were granted, and no more at once than there are")
    func cards() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo "$CUDA_VISIBLE_DEVICES begin" >> cards
            sleep 0.1
            echo "$CUDA_VISIBLE_DEVICES end" >> cards
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """
        ])
        for (cards, wanted, atOnce) in [
            (["3"], "1", 1), (["0", "7"], "1", 2), (["a"], "0.5", 2),
            ((0..<8).map(String.init), "2", 4),
        ] {
            try? FileManager.default.removeItem(at: sweep.folder.url.appending(path: "cards"))
            let outcome = try sweep.run(
                Self.sweep, ["resources.gpus=\(wanted)", "seeds=4"], workers: 8, gpus: cards,
                selection: .fresh)
            #expect(outcome.summary.trialsFinished == 8)
            var running: [String: Int] = [:]
            var most = 0
            for line in try sweep.read("cards").split(separator: "\n") {
                let words = line.split(separator: " ")
                #expect(words.count == 2)
                for card in words[0].split(separator: ",") {
                    #expect(cards.contains(String(card)))
                    running[String(card), default: 0] += words[1] == "begin" ? 1 : -1
                }
                most = max(most, running.values.reduce(0, +))
                #expect(running.values.allSatisfy { $0 <= (wanted == "0.5" ? 2 : 1) })
            }
            #expect(most <= atOnce * max(1, Int(Double(wanted) ?? 1)))
        }
        #expect(throws: (any Error).self) {
            try sweep.run(Self.sweep, ["resources.gpus=2"], gpus: ["0"])
        }
    }

    @Test("predictions that an earlier version wrote as JSON are read like packed ones")
    func earlierPredictions() throws {
        let sweep = try ProgramSweep(["train.sh": Self.train])
        let outcome = try sweep.run(Self.sweep)
        let record = try outcome.store.sweep("programs")
        let study = try sweep.catalogue.study(of: record)
        let trial = try #require(try outcome.store.trials(of: "programs").first)
        var stage = try outcome.store.stage(
            try #require(try outcome.store.stages(ofTrial: trial.digest).first))
        let packed = try #require(try study.predictions(of: stage, in: record))
        stage.details["predictions"] = """
            {"groups":[0,0,1],"items":[0,1,2],"scales":{"points":100},"values":{"points":[1,0,1]}}
            """
        let earlier = try #require(try study.predictions(of: stage, in: record))
        #expect(packed.items == earlier.items && packed.clusters == earlier.clusters)
        // Nobody knows any more which item was the first one.
        #expect(earlier.numbering == .ofFile && packed.numbering != .ofFile)
        #expect(packed.itemValues(of: "points") == [100, 0, 100])
        #expect(packed.itemValues(of: "points") == earlier.itemValues(of: "points"))
        #expect(packed.interval(of: "points") == earlier.interval(of: "points"))
        stage.details["predictions"] = "packed1:AA"
        #expect(throws: DamagedPredictions.self) {
            try study.predictions(of: stage, in: record)
        }
    }
}
