import { global, type Library } from './functions/function';

const nothing = (): never => {
  throw new Error('operators are evaluated on their own');
};

const binary = (result: string, ...pairs: readonly string[]) => pairs.map((pair) => global(pair, result, nothing));
const numbers = ['int', 'uint', 'double'];
const comparable = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
const order = binary('bool', ...comparable.map((type) => `${type} ${type}`), ...numbers.flatMap((a) => numbers.filter((b) => b !== a).map((b) => `${a} ${b}`)));
const same = (...types: readonly string[]) => types.map((type) => global(`${type} ${type}`, type, nothing));

/** What operators take and give. */
export const operatorTypes: Library = {
  '_==_': binary('bool', 'A A'),
  '_!=_': binary('bool', 'A A'),
  '_<_': order, '_<=_': order, '_>_': order, '_>=_': order,
  '@in': binary('bool', 'A list<A>', 'A map<A,B>'),
  '_+_': [...same('bytes', 'double', 'duration', 'int', 'list<A>', 'string', 'uint'), ...binary('timestamp', 'duration timestamp', 'timestamp duration')],
  '_-_': [...same('double', 'duration', 'int', 'uint'), ...binary('timestamp', 'timestamp duration'), ...binary('duration', 'timestamp timestamp')],
  '_*_': same('double', 'int', 'uint'),
  '_/_': same('double', 'int', 'uint'),
  '_%_': same('int', 'uint'),
  '!_': binary('bool', 'bool'),
  '-_': [global('double', 'double', nothing), global('int', 'int', nothing), global('duration', 'duration', nothing)],
  '_?_:_': [global('bool A A', 'A', nothing)],
  '_[_]': [global('list<A> int', 'A', nothing), global('map<A,B> A', 'B', nothing), global('optional<list<A>> int', 'optional<A>', nothing), global('optional<map<A,B>> A', 'optional<B>', nothing)],
  '_[?_]': [global('list<A> int', 'optional<A>', nothing), global('map<A,B> A', 'optional<B>', nothing), global('optional<list<A>> int', 'optional<A>', nothing), global('optional<map<A,B>> A', 'optional<B>', nothing)],
  'cel.@mapInsert': [global('map<A,B> map<A,B>', 'map<A,B>', nothing)],
};
