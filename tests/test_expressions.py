import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.limits import ARM_EXPRESSION
from ipplan.readers.arm import read
from ipplan.readers.readings import Content, Unresolved
from ipplan.readers.templates.expressions import (
    MalformedError,
    parse,
)
from ipplan.readers.templates.functions import FUNCTIONS

T = "/subscriptions/<subscription of t.json>"
VNET = "Microsoft.Network/virtualNetworks"


def template(**parts):
    return {"contentVersion": "1.0.0.0", "resources": [], **parts}


def value(text, **parts):
    """What an expression is, as a property of a VNet."""
    vnet = {"type": VNET, "name": "v", "properties": {"it": text}}
    document = template(**parts, resources=[vnet])
    return read(Content("t.json", "", document)).resources[0].fields["it"]


def unresolved(text, **parts):
    return value(text, **parts) == Unresolved(text)


# What Microsoft's pages of template functions give as examples, function by function.
DOCUMENTED = [
    ("concat('prefix', '-', 'x')", "prefix-x"),
    ("concat(createArray('1-1', '1-2'), createArray('2-1'))", ["1-1", "1-2", "2-1"]),
    ("concat('vm', 3, true())", "vm3True"),
    (
        "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
        "Hello, User. Formatted number: 8,175,133",
    ),
    (
        "format('{0:D2}|{1:x}|{2:X4}|{3,4}|{4,-4}|{{}}', 7, 255, 255, 'a', 'b')",
        "07|ff|00FF|   a|b   |{}",
    ),
    (
        "format('{0:F1} {1:D3} {2} {3}', 2, sub(0, 7), null(), createArray(1))",
        "2.0 -007  [1]",
    ),
    ("empty('')", True),
    ("empty(createArray())", True),
    ("empty(null())", True),
    ("empty(createObject('a', 1))", False),
    ("endsWith('abcdef', 'EF')", True),
    ("endsWith('abcdef', 'e')", False),
    ("startsWith('abcdef', 'AB')", True),
    ("indexOf('test', 't')", 0),
    ("indexOf('abcdef', 'CD')", 2),
    ("indexOf('abcdef', 'z')", -1),
    ("indexOf(createArray('one', 'two', 'one'), 'one')", 0),
    ("indexOf(createArray('one'), 'z')", -1),
    ("lastIndexOf('test', 't')", 3),
    ("lastIndexOf('abcdef', 'AB')", 0),
    ("lastIndexOf(createArray('one', 'two', 'one'), 'one')", 2),
    ("join(createArray('one', 'two', 'three'), ',')", "one,two,three"),
    ("join(createArray('one', 'two'), ';')", "one;two"),
    ('json(\'{"a":"b"}\').a', "b"),
    ("json('null')", None),
    ("padLeft('123', 10, '0')", "0000000123"),
    ("padLeft(5, 3)", "  5"),
    ("replace('123-123-1234', '-', '')", "1231231234"),
    ("replace('123-123-1234', '1234', 'xxxx')", "123-123-xxxx"),
    ("skip(createArray('one', 'two', 'three'), 2)", ["three"]),
    ("skip('one two three', 4)", "two three"),
    ("skip('one', sub(0, 1))", "one"),
    ("take(createArray('one', 'two', 'three'), 2)", ["one", "two"]),
    ("take('one', 64)", "one"),
    ("take('one', sub(0, 1))", ""),
    ("split('one,two,three', ',')", ["one", "two", "three"]),
    ("split('one;two,three', createArray(',', ';'))", ["one", "two", "three"]),
    ("split('one', createArray(1))", ["one"]),
    ("string(createArray(1, 'a', true()))", '[1,"a",true]'),
    ("string(5)", "5"),
    ("string(true())", "True"),
    ("substring('one two three', 4, 3)", "two"),
    ("substring('one two three', 4)", "two three"),
    ("toLower('One Two')", "one two"),
    ("toUpper('One')", "ONE"),
    ("trim('    one two three   ')", "one two three"),
    ("base64('one, two, three')", "b25lLCB0d28sIHRocmVl"),
    ("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three"),
    ("base64ToJson('eydvbmUnOiAnYSd9')", Unresolved),
    ('base64ToJson(base64(\'{"one": "a"}\')).one', "a"),
    ("dataUri('Hello')", "data:text/plain;charset=utf8;base64,SGVsbG8="),
    ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "Hello, World!"),
    ("dataUriToString('data:,a%20b')", "a b"),
    (
        "uri('http://contoso.com/resources/', 'nested/a.json')",
        "http://contoso.com/resources/nested/a.json",
    ),
    ("uriComponent('http://contoso.com/a b')", "http%3A%2F%2Fcontoso.com%2Fa%20b"),
    ("uriComponentToString('http%3A%2F%2Fcontoso.com')", "http://contoso.com"),
    ("length('One Two Three')", 13),
    ("length(createObject('a', 1, 'b', 2))", 2),
    ("first('One Two Three')", "O"),
    ("first(createArray('one', 'two'))", "one"),
    ("first(createArray())", None),
    ("first('')", ""),
    ("last(createArray('one', 'two'))", "two"),
    ("last('One')", "e"),
    ("last(createArray())", None),
    ("indexFromEnd(createArray('a', 'b', 'c'), 2)", "b"),
    ("tryIndexFromEnd(createArray('a'), 2)", None),
    ("tryIndexFromEnd(createArray('a'), 1)", "a"),
    ("contains('OneTwoThree', 'e')", True),
    ("contains('OneTwoThree', 'z')", False),
    ("contains('a1', 1)", True),
    ("contains(createObject('one', 'a'), 'ONE')", True),
    ("contains(createObject('one', 'a'), 'two')", False),
    ("contains(createArray('one', 'two'), 'two')", True),
    ("contains(createArray('one', 'two'), 'Two')", False),
    ("contains(createArray(1), true())", False),
    (
        "union(createArray('one', 'two', 'three'), createArray('three', 'four'))",
        ["one", "two", "three", "four"],
    ),
    (
        (
            "union(createObject('one', 'a', 'three', 'c'), createObject('four', 'd', "
            "'three', 'e'))"
        ),
        {"one": "a", "three": "e", "four": "d"},
    ),
    (
        (
            "union(createObject('p', createObject('a', 1)), createObject('P', "
            "createObject('b', 2)))"
        ),
        {"p": {"a": 1, "b": 2}},
    ),
    (
        "intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))",
        ["two", "three"],
    ),
    (
        (
            "intersection(createObject('one', 'a', 'two', 'b'), createObject('one', "
            "'a', "
            "'two', 'z'))"
        ),
        {"one": "a"},
    ),
    ("array('a')", ["a"]),
    ("array(createArray(1))", [1]),
    ("createObject('intProp', 1, 'nothing', null())", {"intProp": 1, "nothing": None}),
    ("range(5, 3)", [5, 6, 7]),
    ("min(0, 3, 2)", 0),
    ("max(createArray(0, 3, 5))", 5),
    ("flatten(createArray(createArray(1, 2), createArray(3)))", [1, 2, 3]),
    (
        "shallowMerge(createArray(createObject('a', 1), createObject('a', 2, 'b', 3)))",
        {"a": 2, "b": 3},
    ),
    ("objectKeys(createObject('b', 1, 'a', 2))", ["a", "b"]),
    (
        "items(createObject('b', 1, 'a', 2))",
        [{"key": "a", "value": 2}, {"key": "b", "value": 1}],
    ),
    ("coalesce(null(), null(), 'string')", "string"),
    ("coalesce(null())", None),
    ("tryGet(createObject('a', createObject('b', 3)), 'a', 'b')", 3),
    ("tryGet(createObject('a', 1), 'z')", None),
    ("tryGet(null(), 'z')", None),
    ("tryGet(createArray('x'), 0)", "x"),
    ("tryGet(createArray('x'), 1)", None),
    ("add(5, 3)", 8),
    ("sub(7, 3)", 4),
    ("mul(5, 3)", 15),
    ("div(8, 3)", 2),
    ("div(-8, 3)", -2),
    ("mod(7, 3)", 1),
    ("mod(-7, 3)", -1),
    ("int('4')", 4),
    ("int(4)", 4),
    ("float('3.5')", 3.5),
    ("bool('true')", True),
    ("bool(0)", False),
    ("equals('a', 'A')", False),
    ("equals(1, true())", False),
    ("equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", True),
    ("less(1, 2)", True),
    ("lessOrEquals(2, 2)", True),
    ("greater('b', 'a')", True),
    ("greaterOrEquals(1, 2)", False),
    ("not(false())", True),
    ("and(true(), true())", True),
    ("or(false(), false())", False),
    ("if(equals('a', 'a'), 'yes', 'no')", "yes"),
    ("if(false(), div(1, 0), 'no')", "no"),
    (
        "parseCidr('10.144.0.0/20')",
        {
            "network": "10.144.0.0",
            "netmask": "255.255.240.0",
            "broadcast": "10.144.15.255",
            "firstUsable": "10.144.0.1",
            "lastUsable": "10.144.15.254",
            "cidr": 20,
        },
    ),
    (
        "parseCidr('fdad:3236:5555::/48')",
        {
            "network": "fdad:3236:5555::",
            "netmask": "ffff:ffff:ffff::",
            "firstUsable": "fdad:3236:5555::",
            "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
            "cidr": 48,
        },
    ),
    ("parseCidr('10.0.0.6/31').firstUsable", "10.0.0.6"),
    ("cidrSubnet('10.144.0.0/20', 24, 4)", "10.144.4.0/24"),
    ("cidrSubnet('fdad:3236:5555::/48', 52, 1)", "fdad:3236:5555:1000::/52"),
    ("cidrHost('10.144.3.0/24', 0)", "10.144.3.1"),
    ("cidrHost('10.144.3.0/24', 4)", "10.144.3.5"),
    ("cidrHost('192.168.1.0/31', 1)", "192.168.1.1"),
    ("cidrHost('fdad:3236:5555:3000::/52', 1)", "fdad:3236:5555:3000::2"),
    (
        "filter(createArray(1, 2, 3), lambda('i', greater(lambdaVariables('i'), 1)))",
        [2, 3],
    ),
    ("map(createArray(1, 2), lambda('i', add(lambdaVariables('i'), 1)))", [2, 3]),
    (
        (
            "map(createArray('a', 'b'), lambda('x', 'i', concat(lambdaVariables('x'), "
            "lambdaVariables('i'))))"
        ),
        ["a0", "b1"],
    ),
    (
        (
            "reduce(range(1, 4), 0, lambda('a', 'b', add(lambdaVariables('a'), "
            "lambdaVariables('b'))))"
        ),
        10,
    ),
    (
        (
            "sort(createArray(3, 1, 2, 1), lambda('a', 'b', less(lambdaVariables('a'), "
            "lambdaVariables('b'))))"
        ),
        [1, 1, 2, 3],
    ),
    (
        "toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')))",
        {"a": "a", "b": "b"},
    ),
    (
        "toObject(createArray('a'), lambda('x', lambdaVariables('x')), lambda('x', 1))",
        {"a": 1},
    ),
    (
        (
            "groupBy(createArray('ab', 'ac', 'b'), lambda('x', "
            "first(lambdaVariables('x'))))"
        ),
        {"a": ["ab", "ac"], "b": ["b"]},
    ),
    (
        "mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))",
        {"a": 2},
    ),
    ("createArray('a')[0]", "a"),
    ("createObject('Key', 5)['KEY']", 5),
    ("createObject('a', createArray(createObject('b', 7))).a[0].b", 7),
    ("'it''s'", "it's"),
    (" add( 1 ,\t-2 ) ", -1),
    ("tenantResourceId('A.b/c', 'd')", "/providers/A.b/c/d"),
    (
        "extensionResourceId('/subscriptions/s', 'A.b/c/d', 'e', 'f')",
        "/subscriptions/s/providers/A.b/c/e/d/f",
    ),
    (
        "resourceId('s', 'g', 'A.b/c', 'd')",
        "/subscriptions/s/resourceGroups/g/providers/A.b/c/d",
    ),
    ("subscriptionResourceId('s', 'A.b/c', 'd')", "/subscriptions/s/providers/A.b/c/d"),
    (
        "resourceId('g', 'A.b/c', 'd')",
        f"{T}/resourceGroups/g/providers/A.b/c/d",
    ),
    (
        "subscriptionResourceId('A.b/c', 'd')",
        f"{T}/providers/A.b/c/d",
    ),
    (
        "resourceGroup().id",
        f"{T}/resourceGroups/<resource group of t.json>",
    ),
    (
        "concat(subscription().id, '/resourceGroups/', 'g')",
        f"{T}/resourceGroups/g",
    ),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED)
def test_functions_give_what_their_pages_say(text, expected):
    found = value(f"[{text}]")
    if expected is Unresolved:
        assert found == Unresolved(f"[{text}]")
    else:
        assert found == expected
        assert type(found) is type(expected)


# Misuse, and what only Azure can answer.
OPEN = [
    "uniqueString('a')",
    "guid('a')",
    "newGuid()",
    "utcNow()",
    "concat('a', uniqueString('b'))",
    "format('{0}', utcNow())",
    "toLower(newGuid())",
    "resourceGroup().location",
    "resourceGroup().name",
    "subscription().subscriptionId",
    "subscription().tenantId",
    "deployment().name",
    "environment().suffixes.storage",
    "tenant().tenantId",
    "managementGroup().id",
    "pickZones('A.b', 'c', 'westeurope')",
    "providers('A.b', 'c')",
    "listKeys('x', '2020-01-01').keys[0]",
    "noSuchFunction('a')",
    "parameters('none')",
    "variables('none')",
    "copyIndex()",
    "copyIndex('none')",
    "reference('none')",
    "references('none')",
    "resourceInfo('none')",
    "resourceId('none')",
    "resourceId('none', 'x')",
    "subscriptionResourceId('none', 'x')",
    "resourceId('A.b/c', 'too', 'many')",
    "concat('a', createArray(1))",
    "concat(createArray(1), utcNow())",
    "concat(null())",
    "contains(createArray(utcNow()), 'a')",
    "contains(1, 'a')",
    "contains(resourceGroup(), 'tags')",
    "equals(resourceGroup().name, 'x')",
    "string(createArray(newGuid()))",
    "length(1)",
    "length(resourceGroup())",
    "tryGet(resourceGroup(), 'tags')",
    "objectKeys(subscription())",
    "add(9223372036854775807, 1)",
    "mul(9223372036854775807, 9223372036854775807)",
    "add('1', 1)",
    "div(1, 0)",
    "mod(1, 0)",
    "int('four')",
    "int(true())",
    "float('x')",
    "float(createArray())",
    "bool('maybe')",
    "min(createArray())",
    "max('a', 1)",
    "less(1, 'a')",
    "and(true(), 1)",
    "and(true(), utcNow())",
    "or(false(), utcNow())",
    "not('a')",
    "if(utcNow(), 1, 2)",
    "if()",
    "if(true(), 1)",
    "first(1)",
    "skip(1, 1)",
    "range(0, 10001)",
    "range(0, -1)",
    "createObject('a')",
    "createObject(1, 2)",
    "flatten(createArray(1))",
    "shallowMerge(createArray(1))",
    "union('a', 'b')",
    "union(createArray(), 'b')",
    "intersection('a', 'b')",
    "substring('abc', 1, 9)",
    "substring('abc', -1)",
    "replace('a', '', 'b')",
    "padLeft('a', 999999999)",
    "padLeft('a', 3, 'xx')",
    "indexOf(1, 1)",
    "join('a', ',')",
    "json('{')",
    "base64ToString('%')",
    "dataUriToString('x')",
    "uri('http://[', 'x')",
    "toUpper(1)",
    "format('{1}', 'a')",
    "format('{0:Q}', 1)",
    "format('{0:D2}', 'a')",
    "format('{')",
    "parseCidr('10.0.0.0/33')",
    "cidrSubnet('10.0.0.0/24', 16, 0)",
    "cidrSubnet('10.0.0.0/24', 25, 2)",
    "cidrHost('10.0.0.0/24', -1)",
    "cidrHost('10.0.0.0/24', 255)",
    "createArray('a')[1]",
    "createArray('a')[-1]",
    "createArray('a')[true()]",
    "createArray('a').b",
    "createObject('a', 1).b",
    "'a'.b",
    "lambdaVariables('x')",
    "filter(createArray(1), 1)",
    "filter(createArray(1))",
    "filter()",
    "filter(1, lambda('x', true()))",
    "filter(createArray(1), lambda('x', 1))",
    "filter(createArray(1), lambda())",
    "sort(createArray(1, 2), lambda('a', 'b', 1))",
    "groupBy(createArray(1), lambda('x', 1))",
    "toObject(createArray(1), lambda('x', utcNow()))",
    "mapValues(1, lambda('x', 1))",
    "fail('no')",
]


@pytest.mark.parametrize("text", OPEN)
def test_what_can_not_be_resolved_is_named_by_its_expression(text):
    assert unresolved(f"[{text}]")


def test_only_the_part_that_is_unknown_is_unresolved():
    found = value("[createArray('a', uniqueString('x'), createObject('b', newGuid()))]")
    assert found == [
        "a",
        Unresolved("[uniqueString('x')]"),
        {"b": Unresolved("[newGuid()]")},
    ]


def test_one_settled_side_settles_and_or_and_contains():
    assert value("[and(utcNow(), false())]") is False
    assert value("[or(utcNow(), true())]") is True
    assert value("[contains(createArray(utcNow(), 'a'), 'a')]") is True
    assert value("[coalesce('a', utcNow())]") == "a"
    assert value("[tryGet(utcNow(), 'a')]") == Unresolved("[tryGet(utcNow(), 'a')]")
    nested = "[tryGet(createObject('a', utcNow()), 'a', 'b')]"
    assert value(nested) == Unresolved("[utcNow()]")


def test_a_merge_with_what_azure_knows_more_of_stays_open():
    group = "union(resourceGroup(), createObject('a', 1))"
    assert value(f"[{group}.a]") == 1
    assert unresolved(
        "[union(createObject('x', resourceGroup()), createObject('x', "
        "createObject('a', 1))).x.tags]"
    )


@pytest.mark.parametrize("text", ["", "plain", "[", "]", "[open", "close]", "a[0]"])
def test_text_without_both_brackets_is_itself(text):
    assert value(text) == text


def test_two_opening_brackets_are_one_in_the_text():
    assert value("[[not evaluated]") == "[not evaluated]"


MALFORMED = [
    "[]", "[concat('a']", "[concat('a' 'b')]", "[concat(,)]", "['open]", "[a]", "[1 2]",
    "[a.b]", "[a..b()]", "[#]", "['a'.1]", "['a'[0]", "[concat('a'))]", "[f(]", "[ ]",
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_expression_is_unresolved_and_told(text):
    vnet = {"type": VNET, "name": "v", "properties": {"it": text}}
    found = read(Content("t.json", "", template(resources=[vnet])))
    assert found.resources[0].fields["it"] == Unresolved(text)
    (skipped,) = found.skipped
    assert skipped.where == ".resources[0]"
    assert skipped.reason.startswith(f"malformed expression {text}")


def test_expressions_have_azures_limit_of_length_and_one_of_depth():
    with pytest.raises(MalformedError, match="longer than 24,576"):
        parse("'" + "a" * ARM_EXPRESSION.value)
    with pytest.raises(MalformedError, match="deeper"):
        parse("not(" * 200 + ")" * 200)


@given(st.text(string.printable, max_size=40))
def test_any_text_is_an_expression_or_refused(text):
    try:
        tree = parse(text)
    except MalformedError:
        return
    assert tree.source in text


@given(st.text())
def test_a_quoted_text_is_itself(text):
    quoted = text.replace("'", "''")
    assert parse(f"'{quoted}'").value == text


NAMES = st.sampled_from(sorted(FUNCTIONS))
VALUES = st.sampled_from(
    ["1", "-1", "'a'", "''", "null()", "true()", "createArray()", "createArray('a', 1)",
     "createObject('a', 1)", "utcNow()", "resourceGroup()", "'10.0.0.0/8'", "'A.b/c'",
     "lambda('x', lambdaVariables('x'))", "lambda(1)", "9223372036854775807",
     "float(1)"]
)  # fmt: skip


@given(NAMES, st.lists(VALUES, max_size=4))
def test_no_arguments_crash_a_function(name, arguments):
    text = f"[{name}({', '.join(arguments)})]"
    value(text)


def test_strings_lists_and_depth_are_bounded():
    long = {"v": "a" * 100_000}
    assert unresolved("[concat(variables('v'), variables('v'))]", variables=long)
    assert unresolved("[replace(variables('v'), 'a', 'bb')]", variables=long)
    assert unresolved(
        "[uriComponent(replace(variables('v'), 'a', ' '))]", variables=long
    )
    lists = {"v": [0] * 60_000}
    assert unresolved("[concat(variables('v'), variables('v'))]", variables=lists)
    objects = {"v": {str(key): 0 for key in range(60_000)}}
    merged = "[shallowMerge(createArray(variables('v'), variables('v')))]"
    assert unresolved(merged, variables=objects)
    inner = "lambda('a', 'b', createArray(lambdaVariables('a')))"
    assert unresolved(f"[string(reduce(range(0, 9000), 1, {inner}))]")
