mod any;

use super::super::Document;
use super::super::tests::sketch;

#[track_caller]
fn check(markup: &str, expected: &str) {
    assert_eq!(sketch(&Document::from_wiki(markup)), expected, "{markup:?}");
}

#[test]
fn paragraphs_are_parted_by_blank_lines_and_lines_by_breaks() {
    check("", "");
    check("one", "p[one]");
    check("one\ntwo\n\n\nthree", "p[one<br>two] p[three]");
    check("one\r\ntwo\r\n\r\nthree\r\n", "p[one<br>two] p[three]");
    check("one\\\\two", "p[one<br>two]");
    check("one\\\\\ntwo", "p[one<br>two]");
}

#[test]
fn headings_quotes_and_rules_are_known_by_the_line_begin() {
    check("h1. One\nh6. Six", "h1[One] h6[Six]");
    check("  h2. *In* there", "h2[<b:In> there]");
    check("h7. none\nh0. none", "p[h7. none<br>h0. none]");
    check("bq. said", "quote[p[said]]");
    check("a\n----\nb", "p[a] hr p[b]");
    check("---", "p[---]");
    check("h1. a\ntext\nh2. b", "h1[a] p[text] h2[b]");
}

#[test]
fn lists_nest_by_marker_length_and_mix() {
    check("* a\n* b", "ul[li[p[a]] li[p[b]]]");
    check("- a\n- b", "ul[li[p[a]] li[p[b]]]");
    check("# a\n# b", "ol[li[p[a]] li[p[b]]]");
    check(
        "* a\n** b\n** c\n* d",
        "ul[li[p[a] ul[li[p[b]] li[p[c]]]] li[p[d]]]",
    );
    check(
        "# a\n#* b\n#** c\n# d",
        "ol[li[p[a] ul[li[p[b] ul[li[p[c]]]]]] li[p[d]]]",
    );
    check("* a\n# b", "ul[li[p[a]]] ol[li[p[b]]]");
    check("*** deep", "ul[li[ul[li[ul[li[p[deep]]]]]]]");
    check(
        "* a\nmore\n* b\n\nafter",
        "ul[li[p[a<br>more]] li[p[b]]] p[after]",
    );
    check("text\n* a", "p[text] ul[li[p[a]]]");
    check("* a\nh1. b", "ul[li[p[a]]] h1[b]");
    check("* * a", "ul[li[p[* a]]]");
    check("* h1. a", "ul[li[p[h1. a]]]");
    check("*bold* start", "p[<b:bold> start]");
    check("*", "p[*]");
    check("-- dash", "p[-- dash]");
    check("* {code}\nx\n{code}\n* b", "ul[li[code:-[x]] li[p[b]]]");
    check(
        "* a {code:sh}x\n\ny{code} z\n* b",
        "ul[li[p[a] code:sh[x\n\ny] p[z]] li[p[b]]]",
    );
}

#[test]
fn tables_have_headers_cells_and_lines_in_cells() {
    check(
        "||a||b||\n|1|2|",
        "table[tr[th[p[a]] th[p[b]]] tr[td[p[1]] td[p[2]]]]",
    );
    check("||a|1|", "table[tr[th[p[a]] td[p[1]]]]");
    check("| a | |", "table[tr[td[p[a]] td[]]]");
    check(
        "|a\nb|c|\n|d|e|",
        "table[tr[td[p[a<br>b]] td[p[c]]] tr[td[p[d]] td[p[e]]]]",
    );
    check("|a|\n\n|b|", "table[tr[td[p[a]]]] table[tr[td[p[b]]]]");
    check(
        "|[x|https://x.y]|b|",
        "table[tr[td[p[<a https://x.y:x>]] td[p[b]]]]",
    );
    check(
        "|!a.png|width=3!|b|",
        "table[tr[td[p[<img a.png>]] td[p[b]]]]",
    );
    check("|{{a|b}}|c|", "table[tr[td[p[<m:a|b>]] td[p[c]]]]");
    check("|{code}a|b{code}|c|", "table[tr[td[code:-[a|b]] td[p[c]]]]");
    check(
        "|{status:title=OK|colour=Green}|c|",
        "table[tr[td[p[<status green:OK>]] td[p[c]]]]",
    );
    check("|a\\|b|c|", "table[tr[td[p[a|b]] td[p[c]]]]");
    check(
        "|* a\n* b|c|",
        "table[tr[td[ul[li[p[a]] li[p[b]]]] td[p[c]]]]",
    );
    check("|a", "table[tr[td[p[a]]]]");
    check("|", "table[tr[]]");
    check("text\n|a|\ntext", "p[text] table[tr[td[p[a]]]] p[text]");
}

#[test]
fn code_is_kept_as_written() {
    check(
        "{code}\n *a* {quote}\n\\\\ {code}",
        "code:-[ *a* {quote}\n\\\\]",
    );
    check("{code:java}x{code}", "code:java[x]");
    check("{code:title=A.java|java}x{code}", "code:java[x]");
    check("{code:title=A.java|borderStyle=solid}x{code}", "code:-[x]");
    check("{code:language=python|title=x}x{code}", "code:python[x]");
    check("{code:\"><script>}x{code}", "code:-[x]");
    check("{noformat}\n{code}\n{noformat}", "code:-[{code}]");
    check("{CODE}x{CODE}", "code:-[x]");
    check("{code}if (x) {{code}", "code:-[if (x) {]");
    check("a {noformat}b{noformat} c", "p[a] code:-[b] p[c]");
    check("{code}never ended", "p[<?code:{code}>never ended]");
    check("\\{code}x\\{code}", "p[{code}x{code}]");
}

#[test]
fn quotes_panels_and_remarks_hold_blocks() {
    check("{quote}\n* a\n\nb\n{quote}", "quote[ul[li[p[a]]] p[b]]");
    check(
        "{panel:title=My title|bgColor=#fff}a{panel}",
        "panel:Custom:My title[p[a]]",
    );
    check(
        "{panel:bgColor=#E3FCEF}\na\n{panel}",
        "panel:Success:-[p[a]]",
    );
    check("{info}a{info}", "panel:Info:-[p[a]]");
    check("{note:title=N}a{note}", "panel:Note:N[p[a]]");
    check(
        "{tip}a{tip} {warning}b{warning}",
        "panel:Success:-[p[a]] panel:Warning:-[p[b]]",
    );
    check(
        "{panel}{quote}a{code}{panel}{code}{quote}{panel}",
        "panel:Custom:-[quote[p[a] code:-[{panel}]]]",
    );
    check("{expand:More}a{expand}", "expand:More[p[a]]");
    check(
        "{section}{column}a{column}{column}b{column}{section}",
        "p[a] p[b]",
    );
    check(
        "{quote}a {panel} b{quote}",
        "quote[p[a <?panel:{panel}> b]]",
    );
    check(
        "before {quote}in{quote} after",
        "p[before] quote[p[in]] p[after]",
    );
}

#[test]
fn a_node_that_only_adf_can_say_is_read_inside_wiki_markup() {
    check("{adf:display=block}\n{\"type\":\"rule\"}\n{adf}", "hr");
    check(
        "{adf}{\"type\":\"expand\",\"attrs\":{\"title\":\"T\"}}{adf}",
        "expand:T[]",
    );
    check("{adf}{broken{adf}", "unknown:adf[{broken]");
}

#[test]
fn looks_begin_before_a_word_and_end_after_one() {
    check(
        "*b* _i_ -s- +u+ ^p^ ~d~ ??c??",
        "p[<b:b> <i:i> <s:s> <u:u> <^:p> <~:d> <i:c>]",
    );
    check("*_both_*", "p[<bi:both>]");
    check("*a _b_ c*", "p[<b:a ><bi:b><b: c>]");
    check("(*b*), *b*.", "p[(<b:b>), <b:b>.]");
    check("2 * 3 * 4", "p[2 * 3 * 4]");
    check(
        "snake_case_name a-b-c x*y*z",
        "p[snake_case_name a-b-c x*y*z]",
    );
    check("*open", "p[*open]");
    check("*a _b* c_", "p[<b:a _b> c_]");
    check("*a\nb*", "p[*a<br>b*]");
    check("a -- b --- c **d**", "p[a -- b --- c **d**]");
    check("mid{*}dle{*}s", "p[mid<b:dle>s]");
    check("x{^}2{^}", "p[x<^:2>]");
    check("äöü *ß* ü", "p[äöü <b:ß> ü]");
    check("C++ and ~10 or ~20", "p[C++ and ~10 or ~20]");
}

#[test]
fn fixed_width_text_is_kept_as_written() {
    check("{{a *b* _c_}}", "p[<m:a *b* _c_>]");
    check("{{code}} and {{{a}}}", "p[<m:code> and <m:{a}>]");
    check("{{a\\_b}}", "p[<m:a_b>]");
    check("{{open", "p[{{open]");
    check("*{{a}}*", "p[<bm:a>]");
}

#[test]
fn escapes_make_characters_of_markup() {
    check("\\*a\\* \\[b\\] \\{c\\} \\\\", "p[*a* [b] {c} <br>]");
    check("C:\\Users\\me", "p[C:\\Users\\me]");
    check("ends with \\", "p[ends with \\]");
}

#[test]
fn colours_go_across_looks_and_blocks() {
    check("{color:red}a{color} b", "p[<red:a> b]");
    check("{color:#172b4d}*a*{color}", "p[<b#172b4d:a>]");
    check("*{color:red}a{color}*", "p[<bred:a>]");
    check(
        "{color:red}a {color:blue}b{color} c{color}",
        "p[<red:a ><blue:b><red: c>]",
    );
    check("{color:red}a\n\nb{color}", "p[<red:a>] p[<red:b>]");
    check("{color:red}a", "p[<?color:{color:red}>a]");
    check("{color:red;x:url(y)}a{color}", "p[a]");
    check("{color:red}{quote}a{quote}{color}", "quote[p[<red:a>]]");
    check(
        "{color:red}{{a}} [b|https://x.y] [https://x.y]{color}",
        "p[<mred:a><red: ><a https://x.y:<red:b>><red: ><a https://x.y:<red:https://x.y>>]",
    );
}

#[test]
fn links_lead_to_the_web_or_a_mailbox_only() {
    check("[t|https://x.y/z?a=b#c]", "p[<a https://x.y/z?a=b#c:t>]");
    check("[https://x.y]", "p[<a https://x.y:https://x.y>]");
    check("[mailto:a@b.c]", "p[<a mailto:a@b.c:mailto:a@b.c>]");
    check("[*b* t|https://x.y|tip]", "p[<a https://x.y:<b:b> t>]");
    check("*[t|https://x.y]*", "p[<a https://x.y:<b:t>>]");
    check(
        "[https://x.y|https://x.y|smart-link]",
        "p[<card https://x.y>]",
    );
    check("[t|https://x.y|smart-link]", "p[<a https://x.y:t>]");
    check(
        "[!a.png|thumbnail!|https://x.y]",
        "p[<a https://x.y:<img a.png>>]",
    );
    check(
        "[http://a.b/c|http://x.y]",
        "p[<a http://x.y:http://a.b/c>]",
    );
    for refused in [
        "[t|javascript:alert(1)]",
        "[javascript:alert(1)]",
        "[t|data:text/html,x]",
        "[t|file:///etc/passwd]",
        "[t|#anchor]",
        "[t|Some page]",
        "[1] [ ] [x] a[i] []",
    ] {
        check(refused, &format!("p[{refused}]"));
    }
}

#[test]
fn bare_addresses_are_links_without_the_sentence_around_them() {
    check(
        "see https://x.y/a_b_c.",
        "p[see <a https://x.y/a_b_c:https://x.y/a_b_c>.]",
    );
    check("(http://x.y)", "p[(<a http://x.y:http://x.y>)]");
    check(
        "http://x.y/a_(b)",
        "p[<a http://x.y/a_(b):http://x.y/a_(b)>]",
    );
    check("*http://x.y*", "p[<a http://x.y:<b:http://x.y>>]");
    check("xhttp://x.y http:// h", "p[xhttp://x.y http:// h]");
}

#[test]
fn people_files_and_pictures_are_recognised() {
    check("[~mia]", "p[<@mia=mia>]");
    check("[~accountid:5b10:aa-1]", "p[<@5b10:aa-1=5b10:aa-1>]");
    check("[Mia M|~mia]", "p[<@Mia M=mia>]");
    check("[^log.txt]", "p[<?attachment:log.txt>]");
    check("!a.png!", "p[<img a.png>]");
    check(
        "!Screen shot 1.png|thumbnail!",
        "p[<img Screen shot 1.png>]",
    );
    check("!a.png|width=3,alt=\"An A\"!", "p[<img a.png 'An A'>]");
    check("!https://x.y/a!", "p[<img https://x.y/a>]");
    check("!javascript://x.png!", "p[!javascript://x.png!]");
    check("Hello! World! Wow!!", "p[Hello! World! Wow!!]");
}

#[test]
fn macros_nobody_knows_stay_readable() {
    check("{toc}", "unknown:toc[{toc}]");
    check("a {jira:KEY-1} b", "p[a <?jira:{jira:KEY-1}> b]");
    check("use {id} here", "p[use <?id:{id}> here]");
    check("{anchor:top}text", "p[text]");
    check("{ \"a\": {} }", "p[{ \"a\": {} }]");
    check(":) (!) (/) :-)", "p[:) (!) (/) :-)]");
    check("{status:title=Done|colour=Green}", "p[<status green:Done>]");
}

#[test]
fn texts_of_real_issues_read_as_jira_shows_them() {
    check(
        "*Creating Quick Filters*\n\nYou can add your own Quick Filters in the board configuration \
         (select *Board > Configure*)",
        "p[<b:Creating Quick Filters>] p[You can add your own Quick Filters in the board \
         configuration (select <b:Board > Configure>)]",
    );
    check(
        "test\n\n_Issue created from a [message in Mattermost|https://c.example.io/t/pl/449w]_.",
        "p[test] p[<i:Issue created from a ><a https://c.example.io/t/pl/449w:<i:message in \
         Mattermost>>.]",
    );
    check(
        "unik with mentioned user [~user]",
        "p[unik with mentioned user <@user=user>]",
    );
}
