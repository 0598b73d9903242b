import Jobs

/// The form, empty or as it came back.
struct FormPage {
    let form: JobForm
    let site: Site
    /// What each model has.
    let offers: ModelOffers
    /// What stands in the way of the whole form, whatever is typed into it.
    var obstacle: String?

    var html: HTML {
        Layout.page(
            title: problemList == nil ? "Make a picture" : "Please check the form", at: site,
            """
            <h1>Make a picture</h1>
            \(obstacle.map { "<p class=\"problem\" role=\"alert\" id=\"obstacle\">\($0)</p>" } as HTML?)
            \(problemList)
            <form method="post" action="\(site.form)">
            <input type="hidden" name="\(JobForm.tokenField)" value="\(form.token.description)">
            \(prompt)
            \(model)
            <details\(isDetailed ? " open" : nil)>
            <summary>Size, number and images</summary>
            <div class="grid">
            \(offers.details.map(input))
            </div>
            </details>
            <button type="submit">Make it</button>
            </form>
            """)
    }

    private var prompt: HTML {
        row(
            "prompt", label: "Prompt", hint: "What the picture shall show.",
            // A line end right after the tag is not part of the text, so the one that is typed first stays.
            "<textarea id=\"prompt\" name=\"prompt\" rows=\"5\" required\(described("prompt"))>\n\(typed("prompt"))</textarea>")
    }

    private var model: HTML {
        let chosen = Model.named(typed("model")) ?? .default
        let options = Model.all.map { model -> HTML in
            let route = offers.route(of: model)
            let usual = "\(model.typicalSeconds.lowerBound)–\(model.typicalSeconds.upperBound) s"
            let price = route?.price(of: [:]).map { ", $\($0)" } ?? ""
            let used = route.map { model.name(at: $0.path) } ?? model.name
            let now = route == nil ? " (not offered by Krea any more)" : used == model.name ? "" : " (now made by \(used))"
            return """
                <option value="\(model.id)"\(model == chosen ? " selected" : nil)\(route == nil ? " disabled" : nil)>\
                \(model.name)\(now), \(usual)\(price) — \(model.bestFor)</option>
                """
        }
        return row(
            "model", label: "Model", hint: "What each is best for, and how long a picture usually takes.",
            """
            <select id="model" name="model"\(described("model"))>
            \(options)
            </select>
            """)
    }

    /// A field that only some models have says so, and style sheets hide it while another model is chosen.
    private func input(_ field: RequestField) -> HTML {
        let name = field.rawValue
        let models = offers.models(with: field)
        let isForAll = models.count == offers.count
        let only: HTML? = isForAll ? nil : "<span class=\"only\"> (only \(models.map(\.name).joined(separator: ", ")))</span>"
        let rules = offers.rules(of: field)
        let control: HTML =
            if field.isList {
                "<textarea id=\"\(name)\" name=\"\(name)\" rows=\"3\"\(described(name))>\n\(typed(name))</textarea>"
            } else if field == .resolution {
                select(name, rules.flatMap { $0.choices ?? [] })
            } else {
                """
                <input id="\(name)" name="\(name)" value="\(typed(name))"\(field.isNumber ? " inputmode=\"decimal\"" : nil as HTML?) \
                autocomplete="off"\(described(name))>
                """
            }
        return row(
            name, label: "\(field.label)\(only)", hint: field.hint(rules), control,
            takenBy: isForAll ? [] : models.map(\.id))
    }

    private func select(_ name: String, _ choices: [String]) -> HTML {
        var offered: [String] = []
        for choice in choices where !offered.contains(choice) { offered.append(choice) }
        let options = ([""] + offered).map { choice -> HTML in
            "<option value=\"\(choice)\"\(choice == typed(name) ? " selected" : nil)>\(choice.isEmpty ? "as the model likes" : choice)</option>"
        }
        return """
            <select id="\(name)" name="\(name)"\(described(name))>
            \(options)
            </select>
            """
    }

    /// A field with its label, its hint and what is wrong with it.
    private func row(_ name: String, label: HTML, hint: String, _ control: HTML, takenBy models: [String] = []) -> HTML {
        let problem: HTML? = form.problem(of: name).map { "<p class=\"wrong\" id=\"\(name)-problem\">\($0)</p>" }
        return """
            <div class="field\(models.map { " takes-\($0)" }.joined())\(models.isEmpty ? "" : " some-models")">
            <label for="\(name)">\(label)</label>
            \(control)
            <p class="hint" id="\(name)-hint">\(hint)</p>
            \(problem)
            </div>
            """
    }

    private func described(_ name: String) -> HTML {
        form.problem(of: name) == nil
            ? " aria-describedby=\"\(name)-hint\""
            : " aria-invalid=\"true\" aria-describedby=\"\(name)-problem \(name)-hint\""
    }

    private func typed(_ name: String) -> String { form.fields[name] ?? "" }

    /// Everything that is wrong, each with the way to its field.
    private var problemList: HTML? {
        guard !form.problems.isEmpty else { return nil }
        let items = form.problems.map { problem -> HTML in
            names.contains(problem.member)
                ? "<li><a href=\"#\(problem.member)\">\(problem.sentence)</a></li>" : "<li>\(problem.sentence)</li>"
        }
        return """
            <div class="problem" role="alert" id="problems">
            <h2>Please check the form</h2>
            <ul>
            \(items)
            </ul>
            </div>
            """
    }

    /// The fold is open where it holds something that has to be seen.
    private var isDetailed: Bool {
        offers.details.contains { !typed($0.rawValue).isEmpty || form.problem(of: $0.rawValue) != nil }
    }

    private var names: [String] { ["prompt", "model"] + offers.details.map(\.rawValue) }
}
