/**
 * Words that tools and the people who look for them use for the same thing. A small table of the verbs and
 * nouns of public APIs: each line is one meaning, `_` joins words that only count together. A word found
 * this way counts half as much as the word itself.
 */
import { stemWord } from "./stem-word.ts";

const meanings = `
create add new make insert register
generate produce create build compose
list all browse enumerate
get fetch retrieve read obtain lookup
search find query lookup discover
delete remove erase destroy drop
update edit modify change patch set
save write store export
send post publish deliver
upload attach import
download export fetch
copy duplicate clone
move rename relocate
start run launch execute begin trigger
stop cancel abort terminate end
enable activate turn_on
disable deactivate turn_off
merge combine join
split divide separate
compare diff difference
convert transform translate change
calculate compute estimate determine
check verify validate
analyze analysis evaluate assess examine
schedule plan arrange
book reserve booking reservation
buy purchase order shop shopping
pay payment charge
cancel revoke
approve accept
reject decline deny
archive close
restore recover undo
monitor track watch
notify alert notification remind reminder
summarize summary summarise
translate translation
optimize optimization improve
predict forecast prediction
recommend suggest recommendation suggestion
auth authentication authenticate login signin oauth credential
token key secret
user account member profile
permission access role
organization org company workspace
repo repository
pull_request pr merge_request
issue ticket bug
branch fork
commit change revision
deploy deployment release
log logs
error exception failure
container docker pod
server instance machine vm
database db table
folder directory
file document
path location
document doc docx word
spreadsheet excel xlsx worksheet sheet
presentation powerpoint ppt pptx slide deck
note notes memo
image picture photo photograph img
video clip movie footage
audio sound music
song track music
album record
artist singer musician band
movie film cinema
tv television show series
book novel reading
chart graph plot diagram visualization
table grid
message chat dm conversation
email mail inbox
channel room
comment reply
contact people
calendar event meeting appointment
schedule_call schedule_meeting book_meeting arrange_meeting arrange_call plan_meeting create_event create_meeting
task todo reminder
news headline article story
article paper publication
paper research study literature scholarly academic publication journal arxiv
webpage website page web url site
url link website
browser chrome playwright
search_engine google seo
seo search_engine_optimization ranking keyword
scrape crawl extract
stock share equity ticker
price cost rate quote
invest investment portfolio
crypto cryptocurrency bitcoin btc ethereum coin
currency exchange_rate forex
money finance financial
balance sheet
revenue sales income
tax vat
loan mortgage credit
bank banking
coupon discount deal promo offer
product item goods
store shop retailer
cart basket checkout
shipment shipping delivery package parcel
invoice bill receipt
customer client
flight airline plane airport
hotel accommodation lodging stay room airbnb homestay
trip travel vacation tour holiday itinerary journey
train rail railway
car vehicle auto automobile
route direction navigation drive commute
map location place
place address area
geocode coordinate latitude longitude
nearby near around close
distance far
city town
country nation
restaurant food dining cafe
recipe cook dish meal ingredient
drink cocktail wine beer
weather forecast temperature climate
time clock date
timezone time_zone
air_quality pollution
sports game match
football soccer
player athlete
team club squad
score result
league tournament competition
game gaming play
doctor physician
health medical healthcare
disease illness condition
drug medicine medication pharmaceutical
clinical_trial trial
patient hospital
exercise workout fitness
diet nutrition
job career employment vacancy position
resume cv
school education university college
course lesson class learning tutorial
student learner
teacher tutor instructor
language linguistic
word vocabulary
definition meaning dictionary
quote quotation saying
joke humor funny
horoscope astrology zodiac
tarot fortune divination
gift present
house home property real_estate apartment
garden plant
pet dog cat animal
code program programming script source
library package dependency module
function method
test testing
documentation docs reference guide
math calculate calculator arithmetic equation
number numeric
random chance
text content
font style
color colour
qr_code barcode qrcode
phone telephone mobile sms
domain dns whois
ip ip_address
security vulnerability
social_media facebook instagram twitter tiktok
tweet twitter post
follower subscriber
trend trending popular hot
hashtag tag
advertisement ad ads campaign marketing
keyword term
brand logo
copy copywriting
lyrics song
podcast episode
youtube video
stream streaming
subtitle caption transcript
speech voice
draw drawing paint art
design template
law legal
government public
charity donation nonprofit
statistic stat statistics metric
report summary
survey poll
review rating feedback
question answer quiz
category type genre
id identifier
name title
status state
history historical past
upcoming next future
current latest recent now
top best popular
limit quota
webhook callback hook
open create
sum addition add total
several multiple batch bulk
remember memory store
forget delete
refund reimburse money_back
fail failure error
env environment
config configuration setting preference
tag label
like favorite star bookmark
block ban mute
subscribe follow watch
zip compress gzip archive
purge clear invalidate flush
bucket storage object
queue topic message
relation relationship link edge
node entity vertex
assign assignee
unread unseen
wait sleep delay
count number total`;

/** Stem, or stems joined by a space → what else may stand for it, each as a list of stems. */
export const synonyms: ReadonlyMap<string, readonly (readonly string[])[]> = readMeanings();

function readMeanings(): Map<string, (readonly string[])[]> {
  const table = new Map<string, (readonly string[])[]>();
  for (const line of meanings.trim().split("\n")) {
    const words = line.split(" ").map((word) => word.split("_").map(stemWord));
    for (const word of words) {
      const key = word.join(" ");
      const others = table.get(key) ?? [];
      others.push(...words.filter((other) => other.join(" ") !== key));
      table.set(key, others);
    }
  }
  return table;
}
