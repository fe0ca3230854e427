/**
 * What patterns match. A row is a pattern, the events that it matches, and those that it does not, each as JSON, since a
 * number may have more digits than JavaScript keeps. Every line was held against event-ruler 2.0.1, which AWS publishes.
 */
export interface Row {
  readonly pattern: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** A row about the values of one field, `a`. */
function values(pattern: string, yes: readonly string[], no: readonly string[]): Row {
  const event = (value: string) => `{"a":${value}}`;
  return { pattern: `{"a":${pattern}}`, yes: yes.map(event), no: no.map(event) };
}

const row = (pattern: string, yes: readonly string[], no: readonly string[]): Row => ({ pattern, yes, no });

export const TABLE: readonly Row[] = [
  // Values that are equal.
  values('["x"]', ['"x"', '["x"]', '["y","x"]', '[["x"]]'], ['"X"', '"xx"', '""', 'null', '1', '[]', '{"x":1}', '{}']),
  values('["x","y"]', ['"x"', '"y"', '["z","y"]'], ['"xy"', '["z"]']),
  values('[""]', ['""', '["a",""]'], ['" "', 'null', '0', 'false', '[]']),
  values('[null]', ['null', '[1,null]'], ['"null"', '""', '0', '[]', 'false']),
  values('[true]', ['true', '[false,true]'], ['"true"', 'false', '1']),
  values('[false]', ['false'], ['"false"', 'null', '0', 'true']),
  values('["null"]', ['"null"'], ['null']),
  values('["5"]', ['"5"'], ['5', '"5.0"']),
  values('[{"exactly":"x"}]', ['"x"', '["y","x"]'], ['"X"', '1']),
  values('["é"]', ['"é"', '"\\u00e9"'], ['"e"', '"É"']),
  values('["😀"]', ['"😀"', '"\\ud83d\\ude00"'], ['"😁"', '"?"']),
  values('["a\\"b"]', ['"a\\"b"', '"a\\u0022b"'], ['"ab"']),
  // Numbers.
  values('[1]', ['1', '1.0', '1e0', '10e-1', '[2,1]'], ['"1"', '2', '10', 'true', '1.1']),
  values('[0]', ['0', '-0', '0.0', '0e5'], ['false', 'null', '""', '"0"']),
  values('[100]', ['100', '1E2', '1e+2', '100.00'], ['"100"', '1e3']),
  values('[0.1]', ['0.1', '0.10', '1e-1'], ['0.11', '"0.1"', '0']),
  values('[-3]', ['-3', '-3.0'], ['3', '"-3"']),
  values('[9007199254740993]', ['9007199254740993'], ['9007199254740992', '9007199254740994', '"9007199254740993"']),
  values('[9007199254740992]', ['9007199254740992', '9007199254740992.0'], ['9007199254740993', '9007199254740991']),
  values('[123456789012345678901]', ['123456789012345678901'], ['123456789012345678902', '123456789012345680000']),
  values('[1e400]', ['1e400'], ['1e401', '1']),
  values('[0.30000000000000004]', ['0.30000000000000004'], ['0.3', '0.30000000000000005']),
  // Prefix and suffix.
  values('[{"prefix":"ab"}]', ['"ab"', '"abc"', '["x","abx"]'], ['"a"', '"xab"', '"AB"', '5', 'null', '""']),
  values('[{"prefix":""}]', ['""', '"x"'], ['5', 'null', 'true', '[]', '{}']),
  values('[{"prefix":{"equals-ignore-case":"ab"}}]', ['"ab"', '"ABc"', '"aBx"'], ['"xab"', '"a"', '1']),
  values('[{"suffix":"bc"}]', ['"bc"', '"abc"', '["x","xbc"]'], ['"b"', '"bcx"', '"BC"', '5', 'null']),
  values('[{"suffix":""}]', ['""', '"x"'], ['5', 'null', '[]']),
  values('[{"suffix":{"equals-ignore-case":".PNG"}}]', ['"a.png"', '".Png"', '"x.PNG"'], ['"png"', '"a.png "', '1']),
  values('[{"suffix":"大"}]', ['"雨大"', '"大"'], ['"大雨"']),
  // Without case.
  values('[{"equals-ignore-case":"abc"}]', ['"abc"', '"ABC"', '"aBc"'], ['"ab"', '"abcd"', 'null', '1']),
  values('[{"equals-ignore-case":"É"}]', ['"é"', '"É"'], ['"e"', '"E"']),
  values('[{"equals-ignore-case":"ß"}]', ['"ß"', '"SS"'], ['"ss"', '"s"']),
  values('[{"equals-ignore-case":"5"}]', ['"5"'], ['5']),
  values('[{"equals-ignore-case":"😀"}]', ['"??"'], ['"😀"']),
  // Wildcards.
  values('[{"wildcard":"*"}]', ['""', '"x"', '"x y"'], ['5', 'null', 'true', '[]']),
  values('[{"wildcard":"a*"}]', ['"a"', '"ab"', '"a*"'], ['"ba"', '"A"', '""']),
  values('[{"wildcard":"*c"}]', ['"c"', '"abc"'], ['"cb"', '""']),
  values('[{"wildcard":"a*c"}]', ['"ac"', '"abc"', '"acac"'], ['"a"', '"abcd"']),
  values('[{"wildcard":"*b*"}]', ['"b"', '"abc"', '"ab"'], ['"ac"', '""']),
  values('[{"wildcard":"a*b*c"}]', ['"abc"', '"aXbXc"', '"abbcc"'], ['"acb"', '"ab"']),
  values('[{"wildcard":"x\\\\*y"}]', ['"x*y"'], ['"xy"', '"xay"']),
  values('[{"wildcard":"a\\\\\\\\b"}]', ['"a\\\\b"'], ['"ab"', '"a\\\\\\\\b"']),
  values('[{"wildcard":"a.c"}]', ['"a.c"'], ['"abc"']),
  values('[{"wildcard":"*\\n*"}]', ['"a\\nb"'], ['"ab"']),
  // Anything but.
  values('[{"anything-but":"x"}]', ['"y"', '1', 'null', 'true', '""', '["x","y"]'], ['"x"', '["x"]', '[]', '{}']),
  values('[{"anything-but":["x","y"]}]', ['"z"', '0', '["x","z"]'], ['"x"', '"y"', '["x","y"]']),
  values('[{"anything-but":5}]', ['"5"', '6', 'null', '5.1'], ['5', '5.0', '50e-1']),
  values('[{"anything-but":[1,2]}]', ['3', '"1"', 'true'], ['1', '2.0']),
  values('[{"anything-but":{"prefix":"ab"}}]', ['"a"', '"xab"', '5', 'null'], ['"ab"', '"abc"']),
  values('[{"anything-but":{"prefix":["a","b"]}}]', ['"c"', '""'], ['"a"', '"bx"']),
  values('[{"anything-but":{"suffix":".png"}}]', ['"a.jpg"', '1'], ['"a.png"', '".png"']),
  values('[{"anything-but":{"suffix":[".png",".jpg"]}}]', ['"a.gif"', '"png"'], ['"a.png"', '"b.jpg"']),
  values('[{"anything-but":{"equals-ignore-case":"ab"}}]', ['"abc"', '1', 'null'], ['"ab"', '"AB"', '"aB"']),
  values('[{"anything-but":{"equals-ignore-case":["a","b"]}}]', ['"c"', '"ab"'], ['"A"', '"b"']),
  values('[{"anything-but":{"wildcard":"*/tmp/*"}}]', ['"/var/x"', '5', '"tmp"'], ['"/tmp/x"', '"a/tmp/"']),
  values('[{"anything-but":{"wildcard":["a*","*z"]}}]', ['"b"', '""'], ['"ab"', '"xz"']),
  // Numeric ranges.
  values('[{"numeric":["=",5]}]', ['5', '5.0', '[1,5]'], ['"5"', '4', 'null']),
  values('[{"numeric":[">",0]}]', ['1', '0.1', '1e9'], ['0', '-0', '-1', '"1"', 'true', 'null']),
  values('[{"numeric":[">=",0]}]', ['0', '-0', '5'], ['-0.1', '"0"']),
  values('[{"numeric":["<",10]}]', ['9.99', '-5', '0'], ['10', '1e1', '"1"']),
  values('[{"numeric":["<=",10]}]', ['10', '10.0', '-1e9'], ['10.01', '"10"']),
  values('[{"numeric":[">",0,"<=",5]}]', ['5', '0.001', '[9,3]'], ['0', '5.001', '-1', '"3"']),
  values('[{"numeric":[">=",-3,"<",-1]}]', ['-3', '-2'], ['-1', '-3.5', '0']),
  values('[{"numeric":[">",0]}]', ['9007199254740992'], ['9007199254740993']),
  values('["x",{"numeric":[">",5]}]', ['"x"', '6'], ['5', '"6"']),
  // Addresses.
  values(
    '[{"cidr":"10.0.0.0/24"}]',
    ['"10.0.0.0"', '"10.0.0.255"', '"010.0.0.7"'],
    ['"10.0.1.0"', '"10.0.0"', '"x"', '10'],
  ),
  values('[{"cidr":"10.0.0.77/24"}]', ['"10.0.0.1"', '"10.0.0.77"'], ['"10.0.1.77"']),
  values('[{"cidr":"0.0.0.0/0"}]', ['"1.2.3.4"', '"255.255.255.255"', '"::1"'], ['"1.2.3"', '"1.2.3.256"', '""']),
  values('[{"cidr":"2001:db8::/32"}]', ['"2001:db8::1"', '"2001:0DB8:0:0::ffff"'], ['"2001:db9::1"', '"10.0.0.1"']),
  values('[{"cidr":"10.0.0.0/8"}]', ['"::ffff:a00:1"'], ['"::a00:1"']),
  values('[{"cidr":"16.0.0.0/8"}]', ['"16.0.0.1"', '105'], ['10', '205', '[]']),
  row('{"$or":[{"a":[{"cidr":"0.0.0.0/0"}]},{"a":[5],"b":["y"]}]}', ['{"a":"1.2.3.4"}'], ['{"a":100}', '{"a":5}']),
  values('["10.0.0.1"]', ['"10.0.0.1"', '"10.0.0.01"', '"::ffff:a00:1"'], ['"10.0.0.2"', '"10.0.0.1/32"']),
  values('["::1"]', ['"::1"', '"0:0:0:0:0:0:0:1"'], ['"::2"', '"1"']),
  values('["1.2.3.256"]', ['"1.2.3.256"'], ['"1.2.3.0"']),
  // Whether a field is there.
  values('[{"exists":true}]', ['"x"', '""', 'null', 'false', '0', '[1]'], ['[]', '{}', '{"b":1}', '[{"b":1}]']),
  values('[{"exists":false}]', ['[]', '{}', '{"b":1}', '[{}]'], ['""', 'null', '[1]']),
  row('{"a":[{"exists":false}]}', ['{}', '{"b":1}'], ['{"a":false}']),
  row('{"a":[{"exists":false},"x"]}', ['{}', '{"a":"x"}', '{"a":[]}'], ['{"a":"y"}']),
  row('{"a":{"b":[{"exists":false}]}}', ['{}', '{"a":1}', '{"a":{}}', '{"a":{"c":1}}'], ['{"a":{"b":null}}']),
  row(
    '{"a":{"b":[{"exists":true}]}}',
    ['{"a":{"b":1}}', '{"a":[{"c":1},{"b":1}]}'],
    ['{"a":1}', '{"a":{"b":[]}}', '{}'],
  ),
  row('{"a":["x"],"b":[{"exists":false}]}', ['{"a":"x"}', '{"a":"x","b":{}}'], ['{"a":"x","b":1}', '{}']),
  // Fields of fields.
  row(
    '{"a":["x"],"b":["y"]}',
    ['{"a":"x","b":"y"}', '{"b":["y"],"a":["x"],"c":1}'],
    ['{"a":"x"}', '{"a":"y","b":"x"}', '{}'],
  ),
  row(
    '{"a":{"b":{"c":[1]}}}',
    ['{"a":{"b":{"c":1}}}', '{"a":[{"b":[{"c":[1]}]}]}'],
    ['{"a":{"b":1}}', '{"a":{"c":1}}', '{"b":{"c":1}}'],
  ),
  row('{"A":["x"]}', ['{"A":"x"}'], ['{"a":"x"}']),
  // Objects in lists: what matches must lie in one of them.
  row(
    '{"a":{"b":["x"],"c":["y"]}}',
    ['{"a":[{"b":"x","c":"y"}]}', '{"a":[{"b":"q"},{"b":"x","c":"y"}]}', '{"a":{"b":["x"],"c":["y"]}}'],
    ['{"a":[{"b":"x"},{"c":"y"}]}', '{"a":[{"b":"x","c":"z"},{"b":"w","c":"y"}]}'],
  ),
  row(
    '{"a":{"b":["x"],"c":[{"exists":false}]}}',
    ['{"a":[{"b":"x"}]}', '{"a":[{"b":"y","c":1},{"b":"x"}]}', '{"a":[{"b":"x"},{"c":1}]}', '{"a":{"b":"x"}}'],
    ['{"a":[{"b":"x","c":1}]}', '{"a":[{"b":"y"},{"b":"x","c":1}]}', '{"a":{"b":"x","c":1}}'],
  ),
  row(
    '{"a":{"b":[{"exists":false}],"c":["y"]}}',
    ['{"a":[{"c":"y"}]}', '{"a":{"c":"y"}}'],
    ['{"a":[{"c":"y"},{"b":1}]}', '{"a":[{"b":1,"c":"y"}]}'],
  ),
  row(
    '{"a":{"b":["x"]},"c":{"d":["y"]}}',
    ['{"a":[{"b":"x"}],"c":[{"d":"z"},{"d":"y"}]}'],
    ['{"a":[{"b":"x"}],"c":[{"d":"z"}]}'],
  ),
  row(
    '{"a":{"b":{"c":["x"]},"d":["y"]}}',
    ['{"a":[{"b":[{"c":"z"},{"c":"x"}],"d":"y"}]}'],
    ['{"a":[{"b":[{"c":"x"}],"d":"z"},{"b":[{"c":"w"}],"d":"y"}]}'],
  ),
  row(
    '{"a":{"b":["x"],"c":["y"],"d":["z"]}}',
    ['{"a":[{"b":"x","c":"y","d":"z"}]}', '{"a":[{"b":"x","c":["q","y"],"d":["z"]}]}'],
    ['{"a":[{"b":"x","c":"y"},{"c":"y","d":"z"}]}'],
  ),
  row(
    '{"a":{"b":["x"],"c":["y"]}}',
    ['{"a":[[{"b":"x","c":"y"}]]}'],
    ['{"a":[[{"b":"x"},{"c":"y"}]]}', '{"a":[[{"b":"x"}],[{"c":"y"}]]}'],
  ),
  row(
    '{"a":{"b":[{"anything-but":"x"}]}}',
    ['{"a":[{"b":"x"},{"b":"y"}]}', '{"a":{"b":1}}'],
    ['{"a":[{"b":"x"}]}', '{"a":[{"c":"y"}]}'],
  ),
  // Names with dots.
  row('{"a.b":["x"]}', ['{"a.b":"x"}', '{"a":{"b":"x"}}', '{"a":[{"b":"x"}]}'], ['{"a":"x"}', '{"b":"x"}']),
  row('{"a":{"b":["x"]}}', ['{"a.b":"x"}'], ['{"ab":"x"}', '{"a_b":"x"}']),
  row('{"a.b":{"c":["x"]}}', ['{"a":{"b":{"c":"x"}}}', '{"a":{"b.c":"x"}}', '{"a.b.c":"x"}'], ['{"a":{"c":"x"}}']),
  row(
    '{"a.b":["x"],"a":{"c":["y"]}}',
    ['{"a":{"b":"x","c":"y"}}', '{"a.b":"x","a.c":"y"}'],
    ['{"a":[{"b":"x"},{"c":"y"}]}'],
  ),
  row('{"a.b":[{"exists":false}]}', ['{"a":{"c":1}}', '{}'], ['{"a":{"b":1}}', '{"a.b":null}']),
  // One of several patterns.
  row(
    '{"$or":[{"a":["x"]},{"b":["y"]}]}',
    ['{"a":"x"}', '{"b":"y"}', '{"a":"z","b":"y"}'],
    ['{"a":"y","b":"x"}', '{}'],
  ),
  row(
    '{"c":["z"],"$or":[{"a":["x"]},{"b":["y"]}]}',
    ['{"c":"z","a":"x"}', '{"c":"z","b":"y"}'],
    ['{"a":"x"}', '{"c":"z"}'],
  ),
  row('{"$or":[{"a":["x"]},{"b":["y"]}],"c":["z"]}', ['{"c":"z","a":"x"}'], ['{"a":"x"}', '{"c":"z"}']),
  row(
    '{"a":{"$or":[{"b":["x"]},{"c":[{"numeric":[">",5]}]}]}}',
    ['{"a":{"b":"x"}}', '{"a":{"c":6}}'],
    ['{"a":{"c":5}}', '{"b":"x"}'],
  ),
  row('{"$or":[{"a":["x"],"b":["y"]},{"c":["z"]}]}', ['{"a":"x","b":"y"}', '{"c":"z"}'], ['{"a":"x"}', '{"b":"y"}']),
  row('{"$or":[{"a":[{"exists":false}]},{"b":["y"]}]}', ['{}', '{"a":1,"b":"y"}'], ['{"a":1}']),
  row(
    '{"$or":[{"$or":[{"a":["x"]},{"b":["y"]}]},{"c":["z"]}]}',
    ['{"a":"x"}', '{"b":"y"}', '{"c":"z"}'],
    ['{"a":"z"}'],
  ),
  row(
    '{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}',
    ['{"a":"y"}', '{"a":"x","b":"z"}'],
    ['{"a":"x"}', '{"a":"y2","b":"z"}'],
  ),
  // Whole lists of values, mixed.
  values('["x",5,null,{"prefix":"p"}]', ['"x"', '5', 'null', '"px"'], ['"5"', '6', 'true', '"xp"']),
  values('[{"anything-but":"x"},"x"]', ['"x"', '"y"', '1'], ['[]']),
  // What is named twice counts as it was named last.
  row('{"a":["x"],"a":["y"]}', ['{"a":"y"}'], ['{"a":"x"}']),
  row('{"a":{"b":["x"]},"a":{"c":["y"]}}', ['{"a":{"b":"x","c":"y"}}'], ['{"a":{"c":"y"}}', '{"a":{"b":"x"}}']),
];

/** Ways of `$or` that share a value of each field are one: the later is lost. */
export const LOST: readonly Row[] = [
  row('{"$or":[{"a":["x"]},{"a":["x","y"]}]}', ['{"a":"x"}'], ['{"a":"y"}']),
  row('{"$or":[{"a":["x"],"b":["1"]},{"a":["x","y"],"b":["1"]}]}', ['{"a":"x","b":"1"}'], ['{"a":"y","b":"1"}']),
];

/** Patterns that are refused, and the words of the compiler. */
export const REFUSED: readonly (readonly [pattern: string, said: string])[] = [
  ['["x"]', 'Filter is not an object'],
  ['"x"', 'Filter is not an object'],
  ['{}', 'Empty objects are not allowed'],
  ['{"a":{}}', 'Empty objects are not allowed'],
  ['{"a":[]}', 'Empty arrays are not allowed'],
  ['{"a":"x"}', '"a" must be an object or an array'],
  ['{"a":null}', '"a" must be an object or an array'],
  ['{"a":5}', '"a" must be an object or an array'],
  ['{"a":{"b":true}}', '"b" must be an object or an array'],
  ['{"a":[["x"]]}', 'Match value must be String, number, true, false, or null'],
  ['{"a":[{}]}', 'Match expression name not found'],
  ['{"a":[{"like":"x"}]}', 'Unrecognized match type like'],
  ['{"a":[{"Prefix":"x"}]}', 'Unrecognized match type Prefix'],
  ['{"a":[{"prefix":"a","suffix":"b"}]}', 'Only one key allowed in match expression'],
  ['{"a":[{"prefix":5}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"prefix":["a"]}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"prefix":{"suffix":"a"}}]}', 'Unsupported prefix pattern: suffix'],
  ['{"a":[{"prefix":{"equals-ignore-case":5}}]}', 'equals-ignore-case match pattern must be a string'],
  ['{"a":[{"suffix":null}]}', 'suffix match pattern must be a string'],
  ['{"a":[{"suffix":{"wildcard":"a"}}]}', 'Unsupported suffix pattern: wildcard'],
  ['{"a":[{"equals-ignore-case":["a"]}]}', 'equals-ignore-case match pattern must be a string'],
  ['{"a":[{"exactly":5}]}', 'exact match pattern must be a string'],
  ['{"a":[{"wildcard":"a**b"}]}', 'Consecutive wildcard characters at pos 2'],
  ['{"a":[{"wildcard":"**"}]}', 'Consecutive wildcard characters at pos 1'],
  ['{"a":[{"wildcard":"é**"}]}', 'Consecutive wildcard characters at pos 3'],
  ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 2'],
  ['{"a":[{"wildcard":5}]}', 'wildcard match pattern must be a string'],
  ['{"a":[{"exists":"true"}]}', 'exists match pattern must be either true or false.'],
  ['{"a":[{"exists":1}]}', 'exists match pattern must be either true or false.'],
  ['{"a":[{"numeric":5}]}', 'Value of numeric must be an array.'],
  ['{"a":[{"numeric":[">","5"]}]}', 'Value of > must be numeric'],
  ['{"a":[{"numeric":["!=",5]}]}', 'Unrecognized numeric range operator: !='],
  ['{"a":[{"numeric":[">",5,"<",5]}]}', 'Bottom must be less than top'],
  ['{"a":[{"numeric":[">=",5,"<=",5]}]}', 'Bottom must be less than top'],
  ['{"a":[{"numeric":[">",5,"<",1]}]}', 'Bottom must be less than top'],
  ['{"a":[{"numeric":["<",5,">",1]}]}', 'Too many elements in numeric expression'],
  ['{"a":[{"numeric":["=",5,"=",6]}]}', 'Too many elements in numeric expression'],
  ['{"a":[{"numeric":[">",0,"<",5,"<",6]}]}', 'Too many terms in numeric range expression'],
  ['{"a":[{"numeric":["=",9007199254740993]}]}', 'Cannot compare number : 9007199254740993'],
  ['{"a":[{"cidr":"10.0.0.1"}]}', "Malformed CIDR, one '/' required"],
  ['{"a":[{"cidr":"10.0.0.0/x"}]}', 'Malformed CIDR, mask bits must be an integer'],
  ['{"a":[{"cidr":"10.0.0.0/-1"}]}', 'Malformed CIDR, mask bits must not be negative'],
  ['{"a":[{"cidr":"10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
  ['{"a":[{"cidr":"::1/128"}]}', 'IPv6 mask bits must be < 128'],
  ['{"a":[{"cidr":"x/8"}]}', 'Nonstandard IP address: x'],
  ['{"a":[{"anything-but":true}]}', 'Value of anything-but must be an array or single string/number value.'],
  ['{"a":[{"anything-but":null}]}', 'Value of anything-but must be an array or single string/number value.'],
  [
    '{"a":[{"anything-but":[]}]}',
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  [
    '{"a":[{"anything-but":["x",1]}]}',
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  ['{"a":[{"anything-but":[null]}]}', 'Inside anything but list, start|null|boolean is not supported.'],
  ['{"a":[{"anything-but":{"numeric":[">",1]}}]}', 'Unsupported anything-but pattern: numeric'],
  ['{"a":[{"anything-but":{"prefix":""}}]}', 'Null prefix/suffix not allowed'],
  ['{"a":[{"anything-but":{"suffix":["a",5]}}]}', 'prefix/suffix match pattern must be a string'],
  ['{"a":[{"anything-but":{"wildcard":"a**"}}]}', 'Consecutive wildcard characters at pos 2'],
  ['{"a":[{"anything-but":[9007199254740993]}]}', 'Cannot compare number : 9007199254740993'],
  ['{"$or":[{"a":["x"]}]}', 'There must have at least 2 Objects in $or relationship.'],
  ['{"$or":{"a":["x"]}}', 'It must be an Array followed with $or.'],
  ['{"$or":[{"a":["x"]},"y"]}', 'Only JSON object is allowed in array of $or relationship.'],
  ['{"$or":[{"prefix":["x"]},{"b":["y"]}]}', 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
];
