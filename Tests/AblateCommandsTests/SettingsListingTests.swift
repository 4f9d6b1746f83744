import AblateCommands
import CommandStudy
import Foundation
import MCSimCLRStudy
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("What sweep files may say, listed")
struct SettingsListingTests {
    private let listing = SettingsListing(BuiltinStudy())

    @Test(
        "for people: every setting once, in groups, no line wider than the terminal",
        arguments: [60, 80, 120])
    func overview(width: Int) {
        let text = listing.overview(width: width)
        let schema = TrialSchema.schema
        let lines = text.split(separator: "\n")
        for descriptor in schema.trial + schema.data {
            let own = lines.filter { $0.hasPrefix("  \(descriptor.key) ") }
            // A seed is a setting of the data alone.
            #expect(own.count == 1, "\(descriptor.key)")
        }
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(text.contains("Pretraining (under base and parameters)\n  pretraining_steps"))
        #expect(text.contains("Under metrics\n"))
    }

    @Test("all about one: kind, range, unit, default, what it changes, an example that reads back")
    func details() throws {
        let text = try #require(listing.details(of: "temperature", width: 80))
        #expect(
            text == """
                temperature
                  is          temperature of NT-Xent
                  must be     a number from 0.001 to 10
                  default     0.1
                  stands      under base, or under parameters to be swept
                  changes     probe, finetune
                  example     parameters: {temperature: [0.1, 0.05, 0.2]}

                """)
        #expect(listing.details(of: "within_5", width: 80)?.contains("metrics: [within_5]") == true)
        #expect(listing.details(of: "probe", width: 80)?.contains("pretrain") == true)
        #expect(listing.details(of: "clips", width: 80)?.contains("was called  recordings") == true)
        #expect(listing.details(of: "nothing", width: 80) == nil)
        for descriptor in TrialSchema.schema.trial {
            let text = try #require(listing.details(of: descriptor.key, width: 10_000))
            let example = try #require(text.firstMatch(of: /example +(.*)/)).output.1
            guard !example.hasSuffix("[]}") else { continue }
            let faults = faults(
                String(example) + "\nevaluation: [probe, finetune, scratch, random, raw]")
            #expect(faults.allSatisfy { !$0.contains("must be") }, "\(example): \(faults)")
        }
    }

    @Test("a setting that has no effect by itself says what must be written beside it")
    func conditions() throws {
        let bands = try #require(listing.details(of: "frequency_shift_bands", width: 200))
        #expect(
            bands.contains(
                "  has effect  where augmentations lists frequency_shift, as in base: {augmentations: "
                    + "[\"frequency_shift\"]}\n"))
        // Those of the default augmentations need nothing.
        let drop = try #require(listing.details(of: "channel_drop_probability", width: 200))
        #expect(!drop.contains("has effect"))
        let schema = TrialSchema.schema
        let defaults = Dictionary(
            uniqueKeysWithValues: schema.trial.map { ($0.key, $0.defaultValue) })
        for descriptor in schema.trial where descriptor.appliesWhen?(defaults) == false {
            let text = try #require(listing.details(of: descriptor.key, width: 10_000))
            let words = try #require(
                text.firstMatch(of: /has effect +where .* as in base: \{(\w+): (.*)\}\n/),
                "\(descriptor.key)")
            let value = try JSONDecoder().decode(
                SettingValue.self, from: Data(words.output.2.utf8))
            #expect(
                descriptor.appliesWhen?(defaults.merging([String(words.output.1): value]) { $1 })
                    == true, "\(descriptor.key)")
        }
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try SweepFile.parse(text, fileName: "x.yaml", schema: TrialSchema.schema)
            return []
        } catch { return error.faults.map(\.description) }
    }

    @Test("for programs: JSON with the same, and the rule of each value")
    func json() throws {
        let value = try JSONSerialization.jsonObject(with: Data(listing.json(of: []).utf8))
        let list = try #require(value as? [[String: Any]])
        let settings = list.filter { ["base", "data"].contains($0["section"] as? String) }
        #expect(settings.count == TrialSchema.schema.trial.count + TrialSchema.schema.data.count)
        let one = try #require(settings.first { $0["name"] as? String == "batch_size" })
        #expect(one["default"] as? Int == 128)
        #expect((one["schema"] as? [String: Any])?["minimum"] as? Int == 2)
        #expect(one["changes"] as? [String] == ["probe", "finetune"])
    }

    @Test("the schema for editors in sweeps/schema.json is the program's")
    func schema() throws {
        let catalogue = StudyCatalogue([BuiltinStudy(), ProgramStudy()])
        #expect(
            try SchemaCommand.text(catalogue) == Repository.text("sweeps/schema.json"),
            "write it anew with: ablate schema > sweeps/schema.json")
    }
}
