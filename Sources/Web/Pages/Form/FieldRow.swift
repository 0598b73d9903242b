import Jobs

/// A field of the form with its label, hint and problem.
struct FieldRow {
    let field: RequestField
    let form: JobForm
    let texts: any Texts
    let offers: ModelOffers

    private var name: String { field.rawValue }
    private var typed: String { form.fields[name] ?? "" }

    /// A field that only some models have says so; the style sheet hides it while another model is chosen.
    var html: HTML {
        let models = offers.models(with: field)
        let isForAll = models.count == offers.count
        let only: HTML? = isForAll ? nil : "<span class=\"only\"> (\(texts.only(models.map(\.name))))</span>"
        // The usual ratios are chosen elsewhere.
        let label = field == .aspectRatio ? texts.otherRatio : texts.label(field)
        return Self.row(
            name, label: "\(label)\(only)", hint: texts.hint(field, offers.rules(of: field).commonBounds), form: form, texts: texts,
            control,
            takenBy: isForAll ? [] : models.compactMap { Model.all.firstIndex(of: $0) }.map { $0 + 1 })
    }

    private var control: HTML {
        if field.isList {
            "<textarea id=\"\(name)\" name=\"\(name)\" rows=\"3\" dir=\"auto\"\(Self.attributes(name, form))>\n\(typed)</textarea>"
        } else if field == .resolution {
            select(offers.choices(of: field))
        } else {
            """
            <input id="\(name)" name="\(name)" value="\(typed)"\(field.isNumber ? " inputmode=\"decimal\"" : nil as HTML?) \
            autocomplete="off" dir="auto"\(Self.attributes(name, form))>
            """
        }
    }

    private func select(_ choices: [String]) -> HTML {
        let options = ([""] + choices).map { choice -> HTML in
            """
            <option value="\(choice)"\(choice == typed ? " selected" : nil)>\(choice.isEmpty ? texts.asModelLikes : choice)</option>
            """
        }
        return """
            <select id="\(name)" name="\(name)"\(Self.attributes(name, form))>
            \(options)
            </select>
            """
    }

    static func row(
        _ name: String, label: HTML, hint: String, form: JobForm, texts: any Texts, _ control: HTML, takenBy models: [Int] = []
    ) -> HTML {
        """
        <div class="field\(models.map { " takes-\($0)" }.joined())\(models.isEmpty ? "" : " some-models")">
        <label for="\(name)">\(label)</label>
        \(control)
        <p class="hint" id="\(name)-hint">\(hint)</p>
        \(problem(of: name, form, texts))
        </div>
        """
    }

    static func problem(of name: String, _ form: JobForm, _ texts: any Texts) -> HTML? {
        form.problem(of: name).map { "<p class=\"wrong\" id=\"\(name)-problem\">\(texts.sentence(of: $0))</p>" }
    }

    /// The attributes that point to the hint and the problem; the first field with a problem gets the focus.
    static func attributes(_ name: String, _ form: JobForm) -> HTML {
        guard form.problem(of: name) != nil else { return " aria-describedby=\"\(name)-hint\"" }
        let isFirst = form.problems.first?.member == name
        return "\(isFirst ? " autofocus" : nil) aria-invalid=\"true\" aria-describedby=\"\(name)-problem \(name)-hint\""
    }
}
