import Foundation
import TestSupport
import Testing

/// Bundles whose data are recordings on a disk, handed over and run again by the program itself.
@Suite("Reproductions on recordings")
struct ReproductionTests {
    /// A list of sixteen tones in two classes, and a sweep of them.
    private func program() throws -> Program {
        let program = try Program()
        var list = "path,label,split,group\n"
        var number = 0
        for (label, pace) in [("low", 0.03), ("high", 0.17)] {
            for split in [
                "training", "training", "training", "training", "validation", "validation",
            ]
                + ["test", "test"]
            {
                number += 1
                try program.writeWave(
                    "data/tones/\(label) \(number).wav", pace: pace + 0.0037 * Double(number))
                list += "tones/\(label) \(number).wav,\(label),\(split),\(number)\n"
            }
        }
        try program.folder.write(list, to: "data/list.csv")
        try program.folder.write(
            """
            name: tones
            data: {source: manifest, path: data/list.csv}
            base:
              recording_seconds: 1
              spatialisations: 1
              test_spatialisations: 1
            parameters: {rt60: [0.1]}
            evaluation: [raw]

            """, to: "tones.yaml")
        return program
    }

    @Test(
        "the same recordings give the same bits, wherever they are; others are refused with their digest"
    )
    func recordings() throws {
        let outcome = try program().shell(
            """
            "$A" run tones.yaml --quiet > table && "$A" bundle tones -o b.tar.zst > /dev/null
            words() { grep -oE 'Reproduced: all .*|digest is|1 missing|no file at|no row' | tr '\n' ','; }
            again() { "$A" reproduce b.tar.zst "$@" > said 2>&1; echo "exit code $? $(words < said)"; }
            again -o one
            mkdir other; mv data "other/of mine"
            again -o two --data "other/of mine/list.csv"
            again -o three
            cp -r "other/of mine" changed
            printf x | dd of="changed/tones/low 7.wav" bs=1 seek=2000 conv=notrunc 2> /dev/null
            again -o four --data changed/list.csv
            cp -r "other/of mine" gone; rm "gone/tones/low 7.wav"
            again -o five --data gone/list.csv
            again -o six --data "other/of mine/list.csv" --row nope
            ls -d one two three four five six 2> /dev/null
            """)
        #expect(
            outcome.output.replacing(/all \d+ figures/, with: "all N figures") == """
                exit code 0 Reproduced: all N figures are equal to the last bit.,
                exit code 0 Reproduced: all N figures are equal to the last bit.,
                exit code 2 no file at,
                exit code 2 digest is,
                exit code 2 digest is,1 missing,
                exit code 2 no row,
                one
                two

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("what is reproduced comes from the commit that the bundle says, not from one around it")
    func commit() throws {
        let program = try program()
        func write(_ digits: String) throws {
            try program.folder.write(
                String(repeating: digits, count: 20) + "\n", to: ".git/HEAD")
        }
        func commit(of results: String, after line: String) throws -> String {
            let outcome = try program.shell(
                """
                { \(line); } > said 2>&1 || cat said
                "$A" status tones --format json --results \(results) | grep -oE '"commit" : "[a-d]{4}'
                """)
            return outcome.output + outcome.errors
        }
        try write("ab")
        #expect(
            try commit(
                of: "results",
                after: #""$A" run tones.yaml --quiet && "$A" bundle tones -o b.tar.zst"#)
                == "\"commit\" : \"abab\n")
        try write("cd")
        #expect(
            try commit(of: "again/results", after: #""$A" reproduce b.tar.zst -o again"#)
                == "\"commit\" : \"abab\n")
    }

    @Test("a bundle with its recordings needs nothing beside it")
    func ownRecordings() throws {
        let outcome = try program().shell(
            """
            "$A" run tones.yaml --quiet > table && "$A" bundle tones --audio -o b.tar.zst > /dev/null
            rm -r data results
            "$A" reproduce b.tar.zst -o again | grep -o 'Reproduced: all .*'
            """)
        #expect(
            outcome.output.contains("are equal to the last bit"),
            "\(outcome.output) \(outcome.errors)")
    }
}
